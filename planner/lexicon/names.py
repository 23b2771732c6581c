"""Names people use for languages and for agents. Pure."""

from typing import Final

from planner.lexicon.words import word_set

LANGUAGES: Final = word_set(
    "arabic bengali bulgarian catalan chinese croatian czech danish dutch english estonian "
    "finnish french german greek hebrew hindi hungarian icelandic indonesian irish italian "
    "japanese korean latvian lithuanian malay mandarin norwegian persian polish portuguese "
    "romanian russian serbian slovak slovenian spanish swahili swedish tamil thai turkish "
    "ukrainian urdu vietnamese welsh"
)
"""Human languages, by their English names in small letters."""

AGENTS: Final = (
    "ChatGPT", "GPT", "GPT-4", "GPT-5", "OpenAI", "Claude", "Claude Code", "Anthropic", "Gemini",
    "Gemini CLI", "Grok", "Llama", "Mistral", "DeepSeek", "Qwen", "Copilot", "Codex", "Cursor",
    "Perplexity", "Devin", "Aider", "Ollama",
)  # fmt: skip
"""Agents that people name whether or not they are connected here."""
