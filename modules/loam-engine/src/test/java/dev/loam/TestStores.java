package dev.loam;

import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What the engine's tests share: opening, and asserting on error codes. */
final class TestStores {
    private TestStores() {}

    static Loam open(Path directory) {
        return Loam.open(directory, LoamOptions.unencrypted());
    }

    /** Opens, asks, closes. */
    static <R> R ask(Path directory, Function<Loam, R> question) {
        try (Loam loam = open(directory)) {
            return question.apply(loam);
        }
    }

    static Optional<String> text(Vault vault, String key) {
        return vault.get(key).map(Memory::text);
    }

    static void assertCode(ErrorCode code, ThrowingCallable call) {
        Assertions.assertThatExceptionOfType(LoamException.class)
                .isThrownBy(call)
                .satisfies(failure -> Assertions.assertThat(failure.code()).isEqualTo(code));
    }
}
