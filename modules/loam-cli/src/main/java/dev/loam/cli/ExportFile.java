package dev.loam.cli;

import dev.loam.Progress;
import dev.loam.StoredMemory;
import dev.loam.Vault;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.json.ExportHeader;
import dev.loam.json.ExportReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Predicate;

/** An export on the disk: read once to its end, before anything of it is taken. */
final class ExportFile {
    private final Path file;
    private final long memoriesMax;

    ExportFile(Path file, long memoriesMax) {
        this.file = file;
        this.memoriesMax = memoriesMax;
    }

    /**
     * An export that was found to be whole.
     *
     * @param digest of its lines: by which it is known again
     */
    record Checked(ExportHeader header, String digest) {}

    /**
     * Reads all of it.
     *
     * @throws LoamException as {@link ExportReader#next}
     */
    Checked check(Progress progress) throws IOException {
        try (InputFile in = InputFile.open(file)) {
            ExportReader reader = ExportReader.of(in, memoriesMax);
            while (reader.next().isPresent()) {
                progress.at(in.position(), in.size());
            }
            return new Checked(reader.header(), reader.digest());
        }
    }

    /** Whether the vault holds all of it as it is. */
    boolean isIn(Vault vault) throws IOException {
        try (InputFile in = InputFile.open(file)) {
            ExportReader reader = ExportReader.of(in, memoriesMax);
            Predicate<StoredMemory> isThere =
                    wanted ->
                            vault.stored(wanted.key())
                                    .filter(there -> there.holds(wanted))
                                    .isPresent();
            Optional<ExportReader.Item> item = reader.next();
            while (item.map(ExportReader.Item::memory).filter(isThere).isPresent()) {
                item = reader.next();
            }
            return item.isEmpty();
        }
    }

    /** Puts all of it into the vault. */
    Importer.Report restore(Vault vault, Checked checked, Progress progress) throws IOException {
        try (InputFile in = InputFile.open(file)) {
            ExportReader reader = ExportReader.of(in, memoriesMax);
            return Importer.run(
                    () -> next(reader, checked).map(item -> itemOf(vault, item)),
                    () -> progress.at(in.position(), in.size()));
        }
    }

    private static Importer.Item itemOf(Vault vault, ExportReader.Item item) {
        StoredMemory memory = item.memory();
        return new Importer.Item(item.place(), memory.key(), () -> vault.restore(memory));
    }

    private Optional<ExportReader.Item> next(ExportReader reader, Checked checked) {
        Optional<ExportReader.Item> item = reader.next();
        if (item.isEmpty() && !reader.digest().equals(checked.digest())) {
            throw new LoamException(
                    ErrorCode.IO_FAILED,
                    file + " was changed while it was imported; import it again");
        }
        return item;
    }
}
