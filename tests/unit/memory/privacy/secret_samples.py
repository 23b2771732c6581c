"""Made-up secrets in the shapes of many issuers, and texts that only look like secrets."""

import base64
import random
import string
from collections.abc import Iterator

LOWER, UPPER, DIGITS = string.ascii_lowercase, string.ascii_uppercase, string.digits
HEX = "0123456789abcdef"
WORD = LOWER + UPPER + DIGITS
DASHED = WORD + "-_"

FORMS: tuple[str, ...] = (
    "sk-proj-{W48}", "sk-{W20}T3BlbkFJ{W20}", "sk-ant-api03-{W90}", "sk-ant-admin01-{W80}", "sk-or-v1-{h64}",
    "sk-{h32}", "sess-{W40}", "xai-{W80}", "gsk_{W52}", "pplx-{W48}", "hf_{W34}", "r8_{W37}", "nvapi-{D64}",
    "tgp_v1_{D43}", "llx-{W48}", "tvly-{W32}", "fw_{W24}", "csk-{W48}", "jina_{W60}", "pa-{D43}",
    "lsv2_pt_{h32}_{h10}", "fc-{h32}", "pcsk_{W60}", "AIza{D35}", "GOCSPX-{D28}", "ya29.{D60}", "1//0{D60}",
    "AKIA{U16}", "ASIA{U16}", "ABIA{U16}", "ACCA{U16}", "A3TX{U16}", "ABSK{W60}", "da2-{l26}",
    "amzn.mws.{h8}-{h4}-{h4}-{h4}-{h12}", "aws_secret_access_key = {W40}", "AWS_SECRET_ACCESS_KEY={W40}",
    "AccountKey={W86}==", "SharedAccessKey={W43}=", "abc8Q~{D34}", "ghp_{W36}", "gho_{W36}", "ghu_{W36}",
    "ghs_{W36}", "ghr_{W36}", "github_pat_{W22}_{W59}", "glpat-{D20}", "gldt-{D20}", "glrt-{D20}", "glptt-{h40}",
    "glcbt-{D24}", "glsoat-{D20}", "glagent-{D50}", "GR1348941{D20}", "xoxb-{d12}-{d12}-{W24}", "xoxp-{d12}-{W32}",
    "xoxe.xoxp-1-{W60}", "xapp-1-A{U10}-{d12}-{h64}", "xoxs-{d12}-{W24}",
    "https://hooks.slack.com/services/T{U8}/B{U8}/{W24}", "https://discord.com/api/webhooks/{d18}/{D68}",
    "M{W23}.{D6}.{D27}", "mfa.{D84}", "https://acme.webhook.office.com/webhookb2/{h8}/IncomingWebhook/{h32}/{h8}",
    "https://hooks.zapier.com/hooks/catch/{d7}/{l7}/", "https://chat.googleapis.com/v1/spaces/{W11}/messages?key={D39}&token={D43}",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI{W20}.{D43}", "v2.local.{D80}", "k4.secret.{D64}",
    "sk_live_{W24}", "sk_test_{W24}", "rk_live_{W24}", "pk_live_{W24}", "whsec_{W32}",
    "access_token$production${l16}${h32}", "EAAA{D60}", "sq0csp-{D43}", "sq0atp-{D22}", "rzp_live_{W14}",
    "FLWSECK-{h32}-X", "shpat_{h32}", "shpss_{h32}", "shpca_{h32}", "shppa_{h32}", "ck_{h40}", "cs_{h40}",
    "SG.{D22}.{D43}", "key-{h32}", "{h32}-us12", "xkeysib-{h64}-{W16}", "re_{W8}_{W24}", "mlsn.{h64}",
    "{h32}-{h8}-{h8}", "SK{h32}", "AC{h32}", "{d10}:AA{D33}", "EAA{W120}", "IGQVJ{D110}", "{d15}|{D27}",
    "AAAAAAAAAAAAAAAAAAAAA{W60}", "npm_{W36}", "pypi-AgEIcHlwaS5vcmc{D120}", "rubygems_{h48}", "oy2{l43}",
    "CLOJARS_{h60}", "cio{W32}", "dckr_pat_{D27}", "AKCp{W69}", "cmVmdGtuO{W55}", "ATATT3xFfGF0{D120}={H8}",
    "ATBB{W24}{H8}", "BBDC-MDEw{D40}", "dop_v1_{h64}", "doo_v1_{h64}", "dor_v1_{h64}", "v1.0-{h24}-{h146}",
    "HRKU-{h8}-{h4}-{h4}-{h4}-{h12}", "fo1_{D43}", "FlyV1 fm2_{W80}", "vcp_{W56}", "nfp_{W36}", "rnd_{W32}",
    "LTAI{W20}", "dapi{h32}", "AQVN{D38}", "hvs.{D90}", "hvb.{D130}", "{W14}.atlasv1.{D67}", "pul-{h40}",
    "dp.pt.{W43}", "dp.st.prd.{W43}", "dt0c01.{U24}.{U64}", "tskey-auth-{W16}-{W32}", "SWMTKN-1-{l50}-{l25}",
    "ops_eyJ{D160}", "A3-{U6}-{U11}-{U5}-{U5}-{U5}", "akab-{l16}-{l16}", "CCIPAT_{W22}_{h40}", "bkua_{h40}",
    "sgp_{h40}", "sgp_{h16}_{h40}", "sqp_{h40}", "squ_{h40}", "PMAK-{h24}-{h34}", "glc_eyJ{W90}", "glsa_{W32}_{h8}",
    "NRAK-{U27}", "NRII-{D32}", "sntrys_eyJ{W80}_{W43}", "sntryu_{h64}", "phc_{W43}", "phx_{W43}",
    "hcaik_{l58}", "xaat-{h8}-{h4}-{h4}-{h4}-{h12}", "rpa_{U44}", "pscale_pw_{D43}", "pscale_tkn_{D43}",
    "sbp_{h40}", "sb_secret_{D31}", "napi_{l64}", "lin_api_{W40}", "ntn_{d11}{W35}", "secret_{W43}", "figd_{D40}",
    "pat{W14}.{h64}", "CFPAT-{D43}", "tfp_{D59}", "sl.{D140}", "EZAK{W54}", "shippo_live_{h40}", "duffel_live_{D43}",
    "pat-na1-{h8}-{h4}-{h4}-{h4}-{h12}", "nyk_v0_{W64}", "waka_{h8}-{h4}-{h4}-{h4}-{h12}",
    "RGAPI-{h8}-{h4}-{h4}-{h4}-{h12}", "3MVG{W80}", "apify_api_{W36}", "p8e-{l32}", "AGE-SECRET-KEY-1{U58}",
    "Authorization: Bearer {W40}", "Authorization: Basic {W28}==", "Authorization: token {h40}",
    "postgres://app:{W16}@db:5432/x", "https://user:{W12}@example.org/x", "redis://:{W20}@cache:6379",
    "https://api.example.org/v1?api_key={W32}", "https://x.blob.core.windows.net/c?sp=r&sig={W43}%3D",
    "password: {W12}1", "password={W10}7", "the password is {W10}9", "DB_PASSWORD='{W16}'", "api_key: {h32}",
    "API_KEY={W32}", "client_secret = \"{D40}\"", "secret_key: {W40}", "access_token={W40}", "auth token: {W36}",
    "passphrase: {W14}4", "Passwort: {W11}3", "private_key = {h64}", "encryption-key: {h64}", "PWD={W12}5",
)  # fmt: skip


def _filled(form: str, chance: random.Random) -> str:
    kinds = {
        "W": WORD,
        "D": DASHED,
        "h": HEX,
        "H": HEX.upper(),
        "d": DIGITS,
        "l": LOWER + DIGITS,
        "U": UPPER + "234567",
    }
    out, place = [], 0
    while (start := form.find("{", place)) >= 0:
        end = form.index("}", start)
        letters = kinds[form[start + 1]]
        size = int(form[start + 2 : end])
        made = [chance.choice(letters) for _ in range(size)]
        if size >= 12 and letters not in (
            HEX,
            HEX.upper(),
            DIGITS,
        ):  # a key of words alone is no key
            made[size // 2 : size // 2 + 2] = [
                chance.choice("23456789"),
                chance.choice(UPPER if letters != LOWER + DIGITS else LOWER),
            ]
        out += [form[place:start], "".join(made)]
        place = end + 1
    return "".join([*out, form[place:]])


def secrets(seed: int) -> Iterator[tuple[str, str]]:
    """A form and a secret made by it, for every form there is, and keys in blocks."""
    chance = random.Random(seed)
    for form in FORMS:
        yield form, _filled(form, chance)
    body = base64.b64encode(chance.randbytes(600)).decode()
    for kind in ("RSA ", "EC ", "OPENSSH ", "DSA ", "ENCRYPTED ", ""):
        yield (
            f"{kind}PEM",
            f"-----BEGIN {kind}PRIVATE KEY-----\n{body}\n-----END {kind}PRIVATE KEY-----",
        )
    yield (
        "PGP",
        f"-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n{body}\n-----END PGP PRIVATE KEY BLOCK-----",
    )


def lookalikes(seed: int) -> Iterator[str]:
    """Ids, hashes, names and sentences about secrets that are none."""
    chance = random.Random(seed)

    def some(letters: str, size: int) -> str:
        return "".join(chance.choice(letters) for _ in range(size))

    for _ in range(12):
        yield f"commit {some(HEX, 40)}"
        yield f"uuid {some(HEX, 8)}-{some(HEX, 4)}-4{some(HEX, 3)}-a{some(HEX, 3)}-{some(HEX, 12)}"
        yield f"sha256:{some(HEX, 64)}"
        yield f'etag "{some(HEX, 32)}"'
        yield f"order {some(UPPER + DIGITS, 10)} shipped"
        yield f"IBAN DE{some(DIGITS, 20)}"
        yield f"ISBN 978-{some(DIGITS, 1)}-{some(DIGITS, 4)}-{some(DIGITS, 4)}-{some(DIGITS, 1)}"
        yield f"phone +49 {some(DIGITS, 10)}"
        yield f"https://example.org/watch?v={some(DASHED, 11)}"
        yield f"https://docs.example.org/d/{some(DASHED, 30)}/edit"
        yield f"run_{some(HEX, 24)} of plan {some(HEX, 8)}"
        yield f"file_{some(LOWER, 6)}_{some(DIGITS, 8)}.csv"
        yield f"integrity sha512-{base64.b64encode(chance.randbytes(64)).decode()}"
        yield f"data:image/png;base64,iVBORw0KGgo{some(WORD, 60)}"
        yield f"session.py line {some(DIGITS, 3)} of module {some(LOWER, 8)}.{some(LOWER, 6)}.{some(LOWER, 9)}"
        yield f"build {some(DIGITS, 4)}.{some(DIGITS, 2)}.{some(DIGITS, 1)}-rc{some(DIGITS, 1)}+g{some(HEX, 7)}"
        yield f"trace {some(HEX, 32)}-{some(HEX, 16)}-01"
        yield f"SK-{some(DIGITS, 6)} is the part number"
        yield f"{some(LOWER, 5)}.{some(LOWER, 6)}@example.org"
        yield f"U0{some(UPPER + DIGITS, 9)} wrote in C0{some(UPPER + DIGITS, 9)}"
    yield from (
        "password: required", "password = <your password>", "API_KEY=${API_KEY}", "token: os.environ['TOKEN']",
        "set the password to something long", "the secret of good bread is time", "api_key: YOUR_API_KEY_HERE",
        "secret = secret:stripe", "password=changeme123", "tokens: 12345678", "max_tokens=4096", "token limit is 20000",
        "key: customer_id", "primary key: order_id_2024", "access key is under the mat at number 12",
        "sk-learn-documentation-and-more-words", "a risk-adjusted-return-of-2024-portfolio", "basic arithmetic lesson 12",
        "bearer of good news number 7", "npm install left-pad", "ghp stands for GitHub personal", "xoxo-hugs",
        "AKIA is a prefix", "passwords must have at least 12 characters", "what is the token price of gpt5-mini-2026?",
        "credential: passport or id card", "the key is to start early, says page 12345678",
    )  # fmt: skip
