package dev.loam.cli;

import dev.loam.CompactedRecord;
import dev.loam.LoggedOperation;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.json.JsonObject;
import dev.loam.json.LogJson;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A new file with a line of JSON for each operation. */
final class LinesTarget implements ReplayTarget {
    private final Path file;
    private final FileChannel channel;
    private final OutputStream out;
    private long written;

    private LinesTarget(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
        this.out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
    }

    static LinesTarget create(Path file) {
        try {
            return new LinesTarget(
                    file,
                    FileChannel.open(
                            file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
        } catch (IOException refused) {
            throw failure(file, refused);
        }
    }

    private static LoamException failure(Path file, IOException refused) {
        return switch (refused) {
            case FileAlreadyExistsException there ->
                    new LoamException(
                            ErrorCode.EXISTS, file + " exists; name a file that does not", there);
            case NoSuchFileException absent ->
                    new LoamException(
                            ErrorCode.NOT_FOUND, "the directory of " + file + " is absent", absent);
            case AccessDeniedException denied ->
                    new LoamException(ErrorCode.PERMISSIONS, file + " may not be written", denied);
            default -> new LoamException(ErrorCode.IO_FAILED, file + " cannot be written", refused);
        };
    }

    @Override
    public void take(LoggedOperation operation) {
        writeLine(LogJson.operation(operation));
    }

    @Override
    public void take(CompactedRecord record) {
        writeLine(LogJson.compacted(record));
    }

    private void writeLine(JsonObject line) {
        try {
            out.write(line.toString().getBytes(StandardCharsets.UTF_8));
            out.write('\n');
            written++;
        } catch (IOException refused) {
            throw failure(file, refused);
        }
    }

    @Override
    public void finish() {
        try {
            out.flush();
            channel.force(true);
        } catch (IOException refused) {
            throw failure(file, refused);
        }
    }

    @Override
    public long written() {
        return written;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException refused) {
            throw failure(file, refused);
        }
    }
}
