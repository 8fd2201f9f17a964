package dev.loam.log;

import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** Reads and writes the annexes of a log's segments. Any thread. */
final class Annexes {
    private final StoreFiles files;
    private final LogDirectory log;

    Annexes(StoreFiles files, LogDirectory log) {
        this.files = files;
        this.log = log;
    }

    Optional<Bytes> read(LogView view, long segment) {
        Optional<SegmentName> name = view.nameOf(segment);
        if (name.isEmpty()) {
            return Optional.empty();
        }
        Path file = log.annex(segment);
        try {
            return Annex.decode(Files.readAllBytes(file), name.get()).map(Annex::content);
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        } catch (IOException fault) {
            throw DiskFault.reading("reading an annex of the log", file, fault);
        }
    }

    void write(LogView view, long segment, Bytes content) {
        SegmentName name =
                view.nameOf(segment)
                        .orElseThrow(
                                () ->
                                        new LoamException(
                                                ErrorCode.NOT_FOUND,
                                                "the log has no segment " + segment));
        try {
            files.replace(log.annex(segment), new Annex(name, content).encode());
        } catch (IOException refused) {
            throw DiskFault.writing("writing an annex of the log", log.path(), refused);
        }
    }
}
