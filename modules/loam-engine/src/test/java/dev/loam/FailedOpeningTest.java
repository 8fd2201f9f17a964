package dev.loam;

import static dev.loam.TestStores.ask;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.log.OpLog;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An opening that fails leaves nothing open: the next one finds the store as it was. */
class FailedOpeningTest {
    @TempDir Path directory;

    /** Gives what it is asked for so many times, and fails from then on. */
    private static final class Exhausted extends SecureRandom {
        private static final long serialVersionUID = 1;

        private int left;

        Exhausted(int times) {
            left = times;
        }

        @Override
        public void nextBytes(byte[] bytes) {
            if (left-- == 0) {
                throw new LoamException(ErrorCode.IO_FAILED, "there is no randomness left");
            }
            super.nextBytes(bytes);
        }
    }

    /** A copy, which takes a new name and lets that in, each of which needs randomness. */
    @Test
    void whereverItFailsTheNextOneSucceeds() throws IOException {
        Path original = directory.resolve("original");
        ask(original, loam -> loam.vault("main").put(Memory.of("one").key("a")));
        Path copy = directory.resolve("copy");
        TestStores.copy(original, copy);

        int failures = 0;
        while (fails(copy, failures)) {
            failures++;
        }

        assertThat(failures).isEqualTo(2);
        String text = ask(copy, loam -> loam.vault("main").get("a").orElseThrow().text());
        assertThat(text).isEqualTo("one");
    }

    private static boolean fails(Path store, int times) {
        Environment environment =
                new Environment(
                        InstantSource.system(),
                        new Exhausted(times),
                        System::nanoTime,
                        System::nanoTime);
        try (Store opened =
                Store.open(store, LoamOptions.unencrypted(), environment, OpLog::open)) {
            return !opened.isWritable();
        } catch (LoamException failed) {
            assertThat(failed.code()).isEqualTo(ErrorCode.IO_FAILED);
            return true;
        }
    }
}
