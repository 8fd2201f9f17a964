package dev.loam.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.Position;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds between processes: locks, kills, and what a JVM shows of the log. */
class ProcessTest {
    private static final String ADVICE =
            """
            INVALID_CONFIG: Loam's log cannot write, the JVM lacks options. Add to the java command or to JDK_JAVA_OPTIONS:
              --add-opens=java.base/java.lang.reflect=ALL-UNNAMED --add-exports=java.base/sun.nio.ch=ALL-UNNAMED
              --add-exports=java.base/jdk.internal.ref=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow
            Surefire: <argLine>. Gradle: jvmArgs. Jar started with -jar: Add-Opens and Add-Exports in its manifest.
            Or let Loam open these packages itself: LoamOptions.unencrypted().openJdkPackages(true).
            """;

    @TempDir Path directory;

    private Path store() {
        return directory.resolve("store");
    }

    @ParameterizedTest
    @ValueSource(strings = {"append", "unforced"})
    void everyAcknowledgedEntrySurvivesSigkillAndSoDoWhatFollows(String what) throws Exception {
        for (int acknowledgedBeforeKill : new int[] {1, 13, 60}) {
            long end = killAfter(what, acknowledgedBeforeKill);
            try (OpLog log = OpLog.open(store(), LogFixture.OPTIONS)) {
                assertThat(log.report().cleanlyClosed()).isFalse();
                assertThat(log.report().damage()).isEmpty();
                assertThat(log.end().number()).isGreaterThanOrEqualTo(end);
                assertThat(LogFixture.read(log)).isEqualTo(LogFixture.whole(1, log.end().number()));
                long next = log.end().number() + 1;
                LogFixture.appendSingly(log, next, next + 29);
                end = next + 29;
            }
            try (OpLog log = OpLog.open(store(), LogFixture.OPTIONS)) {
                assertThat(log.report().cleanlyClosed()).isTrue();
                assertThat(LogFixture.read(log)).isEqualTo(LogFixture.whole(1, end));
                assertThat(log.verify((done, total) -> {}).damage()).isEmpty();
            }
        }
    }

    /** The last position that a child printed before it was killed. */
    private long killAfter(String what, int acknowledged) throws Exception {
        Process child = start(flags(), what, store());
        long last = 0;
        try (BufferedReader lines = child.inputReader()) {
            int count = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                last = Long.parseLong(line);
                count++;
                if (count == acknowledged) {
                    child.toHandle().destroyForcibly();
                }
            }
            assertThat(count).isGreaterThanOrEqualTo(acknowledged);
        } finally {
            child.destroyForcibly().waitFor();
        }
        return last;
    }

    @Test
    void secondOwnerIsToldThePidOfTheFirstAndGetsTheStoreOnceThatIsKilled() throws Exception {
        Process owner = start(flags(), "hold", store());
        try {
            assertThat(owner.inputReader().readLine()).isEqualTo("open");
            assertThatThrownBy(() -> OpLog.open(store(), LogFixture.OPTIONS))
                    .hasMessageContaining("pid " + owner.pid())
                    .isInstanceOfSatisfying(
                            LoamException.class,
                            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.STORE_BUSY));
        } finally {
            owner.destroyForcibly().waitFor();
        }
        try (OpLog log = OpLog.open(store(), LogFixture.OPTIONS)) {
            assertThat(log.end()).isEqualTo(new Position(1));
            assertThat(run(flags(), "once", store()))
                    .startsWith("STORE_BUSY")
                    .contains("pid " + ProcessHandle.current().pid());
            OpLogContract.assertCode(
                    () -> OpLog.open(store(), LogFixture.OPTIONS), ErrorCode.STORE_BUSY);
            assertThat(run(flags(), "once", store())).startsWith("STORE_BUSY");
            log.append(LogFixture.entries(2, 2));
        }
    }

    /** An interrupt closes a file for all who share it: readers share none with the writer. */
    @Test
    void interruptedReadersHarmNeitherTheWriterNorTheLock() throws Exception {
        int appends = 300;
        AtomicBoolean isOver = new AtomicBoolean();
        AtomicInteger interrupted = new AtomicInteger();
        List<Thread> readers = new ArrayList<>();
        List<Throwable> unexpected = Collections.synchronizedList(new ArrayList<>());
        try (OpLog log = OpLog.open(store(), LogFixture.segmentsOf(40))) {
            log.append(LogFixture.entries(1, 1));
            for (int i = 0; i < 3; i++) {
                Thread reader =
                        new Thread(() -> readWhile(log, isOver, interrupted), "reader-" + i);
                reader.setUncaughtExceptionHandler((thread, thrown) -> unexpected.add(thrown));
                reader.start();
                readers.add(reader);
            }
            for (int position = 2; position <= appends || interrupted.get() == 0; position++) {
                log.append(LogFixture.entries(position, position));
                readers.forEach(Thread::interrupt);
            }
            isOver.set(true);
            for (Thread reader : readers) {
                reader.join();
            }
            assertThat(unexpected).isEmpty();
            assertThat(interrupted).hasPositiveValue();
            long end = log.end().number();
            assertThat(LogFixture.read(log)).isEqualTo(LogFixture.whole(1, end));
            assertThat(run(flags(), "once", store())).startsWith("STORE_BUSY");
            log.append(LogFixture.entries(end + 1, end + 1));
        }
        try (OpLog log = OpLog.open(store(), LogFixture.OPTIONS)) {
            assertThat(log.report().cleanlyClosed()).isTrue();
            assertThat(log.verify((done, total) -> {}).damage()).isEmpty();
        }
    }

    private static void readWhile(OpLog log, AtomicBoolean isOver, AtomicInteger interrupted) {
        while (!isOver.get()) {
            long end = log.end().number();
            try {
                List<LogItem> items = LogFixture.read(log);
                assertThat(items.size()).isGreaterThanOrEqualTo((int) end);
                assertThat(items).isEqualTo(LogFixture.whole(1, items.size()));
            } catch (LoamException failed) {
                assertThat(failed.code()).isEqualTo(ErrorCode.IO_FAILED);
                assertThat(failed).hasCauseInstanceOf(ClosedByInterruptException.class);
                interrupted.incrementAndGet();
            }
            Thread.interrupted();
        }
    }

    @Test
    void refusedOpenerDoesNotDropALockThatAnotherClassLoaderOfItsJvmHolds() throws Exception {
        OpLog.open(store(), LogFixture.OPTIONS).close();
        Path lock = store().resolve(StoreLock.FILE_NAME);
        try (FileChannel other = FileChannel.open(lock, StandardOpenOption.WRITE)) {
            assertThat(other.tryLock()).isNotNull();
            OpLogContract.assertCode(
                    () -> OpLog.open(store(), LogFixture.OPTIONS), ErrorCode.STORE_BUSY);
            assertThat(run(flags(), "once", store())).startsWith("STORE_BUSY");
        }
        assertThat(run(flags(), "once", store())).isEqualTo("3\n");
    }

    @Test
    void jvmWithoutItsFlagsIsToldExactlyWhichToAdd() throws Exception {
        assertThat(run(List.of(), "once", store())).isEqualTo(ADVICE);
        for (String needed : List.of("java.lang.reflect", "sun.nio.ch")) {
            List<String> others = new ArrayList<>(flags());
            others.removeIf(flag -> flag.contains(needed));
            assertThat(run(others, "once", store())).isEqualTo(ADVICE);
        }
        assertThat(store()).doesNotExist();
    }

    @Test
    void packagesAreOpenedOnRequest() throws Exception {
        assertThat(run(List.of(), "opener", store())).isEqualTo("3\n");
    }

    @Test
    void logSaysNothingAndLeavesNothingAndLoadsNothing() throws Exception {
        Path home = Files.createDirectory(directory.resolve("home"));
        Path work = Files.createDirectories(directory.resolve("parent/work"));
        Files.writeString(work.resolve("system.properties"), "planted=yes\n");
        Files.writeString(directory.resolve("parent/system.properties"), "planted=yes\n");
        List<String> command = command(flags(), "silent", store());
        command.add(1, "-Duser.home=" + home);
        ProcessBuilder builder = new ProcessBuilder(command).directory(work.toFile());
        builder.environment().put("HOME", home.toString());
        Path output = directory.resolve("output");
        Path errors = directory.resolve("errors");
        Process child =
                builder.redirectOutput(output.toFile()).redirectError(errors.toFile()).start();
        assertThat(child.waitFor()).isZero();
        assertThat(output).isEmptyFile();
        assertThat(errors).isEmptyFile();
        assertThat(home).isEmptyDirectory();
        try (var files = Files.list(work)) {
            assertThat(files).containsExactly(work.resolve("system.properties"));
        }
    }

    private static String run(List<String> flags, String what, Path store) throws Exception {
        Process child = start(flags, what, store);
        String output = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        child.waitFor();
        return output;
    }

    private static Process start(List<String> flags, String what, Path store) throws IOException {
        return new ProcessBuilder(command(flags, what, store))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static List<String> command(List<String> flags, String what, Path store) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(LogChild.class.getName(), what, store.toString()));
        return command;
    }

    /** Those that this JVM was given. */
    private static List<String> flags() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> flag.matches("--(add-|sun-misc-|enable-native-).*"))
                .toList();
    }
}
