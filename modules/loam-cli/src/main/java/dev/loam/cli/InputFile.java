package dev.loam.cli;

import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A file that is being read, and how far. */
final class InputFile extends FilterInputStream {
    private final long size;
    private long read;

    private InputFile(InputStream in, long size) {
        super(in);
        this.size = size;
    }

    static InputFile open(Path file) {
        try {
            if (Files.isDirectory(file)) {
                throw new LoamException(ErrorCode.INVALID_ARGUMENT, file + " is a directory");
            }
            return new InputFile(Files.newInputStream(file), Files.size(file));
        } catch (IOException failed) {
            throw failure(file, failed);
        }
    }

    static LoamException failure(Path file, IOException failed) {
        return switch (failed) {
            case NoSuchFileException absent ->
                    new LoamException(ErrorCode.NOT_FOUND, file + " does not exist", absent);
            case AccessDeniedException denied ->
                    new LoamException(ErrorCode.PERMISSIONS, file + " may not be read", denied);
            default -> new LoamException(ErrorCode.IO_FAILED, file + " cannot be read", failed);
        };
    }

    long size() {
        return size;
    }

    /** Bytes taken so far. */
    long position() {
        return read;
    }

    @Override
    public int read() throws IOException {
        int next = super.read();
        read += next < 0 ? 0 : 1;
        return next;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int count = super.read(target, offset, length);
        read += Math.max(0, count);
        return count;
    }
}
