package dev.loam;

import dev.loam.crypto.KeychainTool;
import dev.loam.crypto.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The keychain's tool as a process that is given nothing but what it needs to find the keychain. A
 * tool that hangs, for a keychain that waits for its owner's password, say, is ended with all it
 * has started. What it says on stderr is dropped: it may quote a key.
 *
 * <p>The JDK's own buffers of the two pipes may keep what went through them until the heap's
 * collector reuses their place.
 */
final class KeychainProcess implements KeychainTool {
    static final long TIMEOUT_MILLIS = 5_000;
    static final int OUTPUT_BYTES_MAX = 4 << 10;

    /** Where the bus is; where the user's keychains are. */
    private static final List<String> HANDED_ON =
            List.of("DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR", "HOME");

    private final Map<String, String> environment;
    private final long timeoutMillis;

    /**
     * @param environment of this process
     */
    KeychainProcess(Map<String, String> environment, long timeoutMillis) {
        this.environment = environment;
        this.timeoutMillis = timeoutMillis;
    }

    /** Where programs are looked for. */
    static List<Path> searched(Map<String, String> environment) {
        return Stream.of(
                        environment
                                .getOrDefault("PATH", "/usr/bin:/bin")
                                .split(Pattern.quote(System.getProperty("path.separator")), -1))
                .filter(each -> each.startsWith("/"))
                .distinct()
                .map(Path::of)
                .toList();
    }

    @Override
    public Answer run(List<String> command, Secret input) {
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().clear();
        for (String name : HANDED_ON) {
            Optional.ofNullable(environment.get(name))
                    .ifPresent(value -> builder.environment().put(name, value));
        }
        Process process;
        try {
            process = builder.start();
        } catch (IOException refused) {
            return new Answer.Failed("cannot be started");
        }
        FutureTask<Answer> talk = new FutureTask<>(() -> talk(process, input));
        Thread.ofVirtual().name("loam-keychain").start(talk);
        try {
            return talk.get(timeoutMillis, TimeUnit.MILLISECONDS);
        } catch (TimeoutException hung) {
            return new Answer.Failed("did not answer within " + timeoutMillis / 1_000.0 + " s");
        } catch (InterruptedException wanted) {
            Thread.currentThread().interrupt();
            return new Answer.Failed("was interrupted");
        } catch (ExecutionException failed) {
            return new Answer.Failed("broke off");
        } finally {
            List<ProcessHandle> started = process.descendants().toList();
            process.destroyForcibly();
            started.forEach(ProcessHandle::destroyForcibly);
        }
    }

    private static Answer talk(Process process, Secret input)
            throws IOException, InterruptedException {
        write(process, input);
        // Asked for at once, a piece passes the stream's own buffer by.
        byte[] output = new byte[2 * OUTPUT_BYTES_MAX + 1];
        try (InputStream from = process.getInputStream()) {
            int size = from.readNBytes(output, 0, output.length);
            if (size > OUTPUT_BYTES_MAX) {
                return new Answer.Failed("printed more than " + OUTPUT_BYTES_MAX + " bytes");
            }
            Secret printed = Secret.take(Arrays.copyOf(output, size));
            return new Answer.Ended(process.waitFor(), printed);
        } finally {
            Arrays.fill(output, (byte) 0);
        }
    }

    /** One that ends without reading says by its exit code what it thinks of it. */
    private static void write(Process process, Secret input) {
        input.with(
                bytes -> {
                    try (OutputStream to = process.getOutputStream()) {
                        to.write(bytes);
                    } catch (IOException unread) {
                        return false;
                    }
                    return true;
                });
    }
}
