package dev.loam.embed;

import java.util.List;

/** What the tests embed: short, long, accented, punctuated, foreign. */
final class Sentences {
    static final List<String> TWENTY =
            List.of(
                    "Caroline moved to Lisbon in the spring.",
                    "The user prefers tea over coffee, but never after six.",
                    "What is the name of her cat?",
                    "Deploy with `make release` and then tag v2.3.1!",
                    "He said: \"I'll be back at 10:30\" - and he wasn't.",
                    "UPPER CASE SHOUTING AND lower case whispering",
                    "The antidisestablishmentarianism of internationalisation",
                    "Crème brûlée at the café in Zürich, naïve façade",
                    "e-mail: someone@example.org, https://example.org/a?b=c&d=e",
                    "for (int i = 0; i < n; i++) { sum += values[i]; }",
                    "3.14159, 2,718 and -0.5e-10 are numbers",
                    "東京 is the capital of Japan",
                    "Москва и Санкт-Петербург",
                    "Tabs\tand\nnew lines\r\nand   many    spaces",
                    "x",
                    "…so what?! (really) [yes] {no} <maybe>",
                    "The quick brown fox jumps over the lazy dog. ".repeat(8),
                    "Straße, Ærø, Łódź, Đà Nẵng",
                    "She has been allergic to peanuts since childhood.",
                    "The meeting with the bank was postponed to next Tuesday afternoon.");

    private Sentences() {}
}
