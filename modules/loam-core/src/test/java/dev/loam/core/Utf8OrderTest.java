package dev.loam.core;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class Utf8OrderTest {
    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.of(
                        "a",
                        "b",
                        "\u00e9",
                        "\ud7ff",
                        "\ue000",
                        "\uffee",
                        "\ud83d\ude00",
                        "\udbff\udfff")
                .list()
                .ofMaxSize(4)
                .map(parts -> String.join("", parts));
    }

    @Property
    void isTheOrderOfTheUtf8Bytes(@ForAll("texts") String a, @ForAll("texts") String b) {
        int bytewise = Bytes.ofUtf8(a).compareTo(Bytes.ofUtf8(b));
        assertThat(Integer.signum(Utf8Order.INSTANCE.compare(a, b)))
                .isEqualTo(Integer.signum(bytewise));
    }
}
