package dev.loam.cli;

import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.crypto.SealedStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Optional;

/**
 * Where an export goes: stdout, or a file that only its owner may read and that has its name only
 * when it is whole and on the disk. Until {@link #finish} it is no export.
 */
final class ExportTarget implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 16;

    private interface Writing {
        void write() throws IOException;
    }

    private final Optional<Path> file;
    private final Optional<Path> unfinished;
    private final OutputStream out;

    /** Before what is written reaches {@link #out}. */
    private Optional<SealedOutput> sealing = Optional.empty();

    private ExportTarget(Optional<Path> file, Optional<Path> unfinished, OutputStream out) {
        this.file = file;
        this.unfinished = unfinished;
        this.out = out;
    }

    /** Closing it leaves stdout open. */
    static ExportTarget stdout(PrintStream stdout) {
        return new ExportTarget(
                Optional.empty(),
                Optional.empty(),
                new BufferedOutputStream(new Checked(stdout), BUFFER_BYTES));
    }

    /**
     * @throws LoamException {@code EXISTS} if there is something of that name already
     */
    static ExportTarget file(Path file) {
        Path absolute = file.toAbsolutePath();
        requireAbsent(absolute, file);
        try {
            // Of a mode of 0600, and with a name that nobody can guess.
            Path unfinished =
                    Files.createTempFile(
                            absolute.getParent(), absolute.getFileName() + ".", ".unfinished");
            OutputStream to = Files.newOutputStream(unfinished, StandardOpenOption.WRITE);
            return new ExportTarget(
                    Optional.of(file),
                    Optional.of(unfinished),
                    new BufferedOutputStream(to, BUFFER_BYTES));
        } catch (IOException refused) {
            throw failure(file.toString(), refused);
        }
    }

    private static void requireAbsent(Path absolute, Path named) {
        if (Files.exists(absolute, LinkOption.NOFOLLOW_LINKS)) {
            throw new LoamException(ErrorCode.EXISTS, named + " exists; name a file that does not");
        }
    }

    private String name() {
        return file.map(Path::toString).orElse("stdout");
    }

    /** Seals all that is written from now on; called before anything is. */
    void seal(SealedStream stream) {
        guarded(() -> sealing = Optional.of(SealedOutput.begin(out, stream)));
    }

    void writeLine(String line) {
        OutputStream to = sealing.isPresent() ? sealing.get() : out;
        guarded(
                () -> {
                    to.write(line.getBytes(StandardCharsets.UTF_8));
                    to.write('\n');
                });
    }

    /** What was written is whole: gives it its name, on the disk too. */
    void finish() {
        guarded(
                () -> {
                    if (sealing.isPresent()) {
                        sealing.get().finish();
                    }
                    out.flush();
                    if (file.isPresent() && unfinished.isPresent()) {
                        force(unfinished.get(), StandardOpenOption.WRITE);
                        Path absolute = file.get().toAbsolutePath();
                        requireAbsent(absolute, file.get());
                        Files.move(unfinished.get(), absolute);
                        force(
                                Objects.requireNonNull(absolute.getParent(), "it has a name"),
                                StandardOpenOption.READ);
                    }
                });
    }

    private static void force(Path path, StandardOpenOption how) throws IOException {
        try (FileChannel channel = FileChannel.open(path, how)) {
            channel.force(true);
        }
    }

    private void guarded(Writing writing) {
        try {
            writing.write();
        } catch (IOException refused) {
            throw failure(name(), refused);
        }
    }

    private static LoamException failure(String name, IOException refused) {
        return switch (refused) {
            case FileAlreadyExistsException there ->
                    new LoamException(
                            ErrorCode.EXISTS, name + " exists; name a file that does not", there);
            case NoSuchFileException absent ->
                    new LoamException(
                            ErrorCode.NOT_FOUND, "the directory of " + name + " is absent", absent);
            case AccessDeniedException denied ->
                    new LoamException(ErrorCode.PERMISSIONS, name + " may not be written", denied);
            default -> new LoamException(ErrorCode.IO_FAILED, name + " cannot be written", refused);
        };
    }

    /** What is not finished is taken away. */
    @Override
    public void close() {
        sealing.ifPresent(SealedOutput::close);
        guarded(
                () -> {
                    try {
                        if (file.isPresent()) {
                            out.close();
                        }
                    } finally {
                        if (unfinished.isPresent()) {
                            Files.deleteIfExists(unfinished.get());
                        }
                    }
                });
    }

    /** A print stream that says at once when nobody takes what is written. */
    private static final class Checked extends OutputStream {
        private final PrintStream to;

        Checked(PrintStream to) {
            this.to = to;
        }

        @Override
        public void write(int next) throws IOException {
            to.write(next);
            check();
        }

        @Override
        public void write(byte[] source, int offset, int length) throws IOException {
            to.write(source, offset, length);
            check();
        }

        @Override
        public void flush() throws IOException {
            to.flush();
            check();
        }

        private void check() throws IOException {
            if (to.checkError()) {
                throw new IOException("stdout takes no more");
            }
        }
    }
}
