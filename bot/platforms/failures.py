"""What a failed call to a platform means for the message, in words all adapters share."""

from bot.chat import Holds, SendFailed


def unreachable(platform: str) -> SendFailed:
    """Nothing was sent."""
    return SendFailed("{platform} can't be reached", retry_after_s=2.0, platform=platform)


def broken(platform: str, *, ambiguous: bool) -> SendFailed:
    """The connection ended in the middle of it."""
    return SendFailed(
        "the connection to {platform} broke",
        ambiguous=ambiguous,
        retry_after_s=1.0,
        platform=platform,
    )


def closed(platform: str) -> SendFailed:
    """We closed the connection, or are making a new one."""
    return SendFailed(
        "the connection to {platform} is closed", retry_after_s=1.0, platform=platform
    )


def throttled(platform: str, after_s: float) -> SendFailed:
    """The platform takes no more just now."""
    return SendFailed(
        "{platform} is limiting how much I send", retry_after_s=after_s, platform=platform
    )


def down(platform: str, *, ambiguous: bool) -> SendFailed:
    """The platform has trouble of its own."""
    return SendFailed(
        "{platform} is having problems", ambiguous=ambiguous, retry_after_s=1.0, platform=platform
    )


def refused(platform: str, reason: str, *, holds: Holds = "") -> SendFailed:
    """It will not, and says why in its own words."""
    return SendFailed(
        "{platform} refused it ({reason})", holds=holds, platform=platform, reason=reason
    )


def too_large() -> SendFailed:
    """A file that somebody posted is larger than what is read."""
    return SendFailed("the file is larger than 50 MB")
