package dev.loam;

import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
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

    /** As the most careful of tools would: times and modes kept. */
    static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(
                        file,
                        to.resolve(from.relativize(file)),
                        StandardCopyOption.COPY_ATTRIBUTES);
            }
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
