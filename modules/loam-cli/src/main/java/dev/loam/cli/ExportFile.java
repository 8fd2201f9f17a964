package dev.loam.cli;

import dev.loam.Progress;
import dev.loam.RestoreTrial;
import dev.loam.StoredMemory;
import dev.loam.Vault;
import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.crypto.SealedStream;
import dev.loam.crypto.SectionInput;
import dev.loam.crypto.SlotSecret;
import dev.loam.crypto.StreamHeader;
import dev.loam.json.ExportHeader;
import dev.loam.json.ExportReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** An export on the disk, plain or unlocked: read to its end before anything of it is taken. */
final class ExportFile implements AutoCloseable {
    private final Path file;
    private final Optional<SealedStream> unlocked;
    private final Terms terms;

    private ExportFile(Path file, Optional<SealedStream> unlocked, Terms terms) {
        this.file = file;
        this.unlocked = unlocked;
        this.terms = terms;
    }

    /**
     * What is taken of an export.
     *
     * @param memoriesMax more are refused
     * @param keepsHistory whether what it says of the past is kept as memories
     */
    record Terms(long memoriesMax, boolean keepsHistory) {}

    /**
     * An export that was found to be whole.
     *
     * @param digest of its lines: by which it is known again
     * @param trial of all that it holds
     */
    record Checked(ExportHeader header, String digest, RestoreTrial trial) {}

    /**
     * Tells a sealed export from a plain one, and unlocks it.
     *
     * @throws LoamException {@code KEY_MISSING} if it is sealed and there is no secret, {@code
     *     NOT_ENCRYPTED} if it is plain and there is one: it may not be the file that was meant; as
     *     {@link StreamHeader#unlock(SlotSecret)} besides
     */
    static ExportFile open(Path file, Optional<SlotSecret> secret, Terms terms) throws IOException {
        if (!isSealed(file)) {
            if (secret.isPresent()) {
                throw notSealed(file);
            }
            return new ExportFile(file, Optional.empty(), terms);
        }
        try (InputFile in = InputFile.open(file)) {
            StreamHeader header = SectionInput.header(in);
            if (header.kind() != SealedStream.Kind.EXPORT) {
                throw new LoamException(
                        ErrorCode.INVALID_ARGUMENT,
                        file + " is a sealed " + header.kind() + ", and no export");
            }
            SlotSecret given =
                    secret.orElseThrow(
                            () ->
                                    new LoamException(
                                            ErrorCode.KEY_MISSING,
                                            file
                                                    + " is sealed; give its key by"
                                                    + " --file-passphrase-fd N, --file-key-file"
                                                    + " FILE or --file-recovery-code-fd N"));
            return new ExportFile(file, Optional.of(header.unlock(given)), terms);
        }
    }

    static LoamException notSealed(Path file) {
        return new LoamException(
                ErrorCode.NOT_ENCRYPTED,
                file
                        + " is not sealed, so anybody may have written it; if it is the file that"
                        + " you mean, import it without a passphrase");
    }

    private static boolean isSealed(Path file) throws IOException {
        try (InputFile in = InputFile.open(file)) {
            return StreamHeader.isAtBeginningOf(
                    Bytes.adopt(in.readNBytes(StreamHeader.PREFIX_BYTES)));
        }
    }

    /** One reading of the file. */
    private final class Pass implements AutoCloseable {
        private final InputFile in;
        private final Optional<SectionInput> section;
        private final Optional<PackedInput> packed;
        private final ExportReader reader;

        /** Does not take over the file. */
        Pass(InputFile in) throws IOException {
            this.in = in;
            if (unlocked.isPresent()) {
                if (!SectionInput.header(in).encode().equals(unlocked.get().header().encode())) {
                    throw changed();
                }
                section = Optional.of(SectionInput.begin(in, unlocked.get(), SealedOutput.SECTION));
                packed = section.map(PackedInput::new);
            } else {
                section = Optional.empty();
                packed = Optional.empty();
            }
            InputStream lines = packed.isPresent() ? packed.get() : in;
            reader = ExportReader.of(lines, terms.memoriesMax());
        }

        Optional<ExportReader.Item> next() {
            Optional<ExportReader.Item> item = reader.next();
            if (item.isEmpty()) {
                requireEnd();
            }
            return item;
        }

        private void requireEnd() {
            try {
                if (in.read() >= 0) {
                    throw new LoamException(
                            ErrorCode.CORRUPT,
                            "something follows the end of the export in "
                                    + file
                                    + "; take another copy of it");
                }
            } catch (IOException failed) {
                throw InputFile.failure(file, failed);
            }
        }

        @Override
        public void close() {
            packed.ifPresent(PackedInput::close);
            section.ifPresent(SectionInput::close);
        }
    }

    /**
     * Reads all of it, and tries what would be written.
     *
     * @throws LoamException as {@link ExportReader#next} and {@link RestoreTrial#add}
     */
    Checked check(Progress progress) throws IOException {
        RestoreTrial trial = new RestoreTrial();
        try (InputFile in = InputFile.open(file);
                Pass pass = new Pass(in)) {
            Optional<ExportReader.Item> item = pass.next();
            while (item.isPresent()) {
                tryOut(item.get(), trial);
                progress.at(in.position(), in.size());
                item = pass.next();
            }
            return new Checked(pass.reader.header(), pass.reader.digest(), trial);
        }
    }

    private void tryOut(ExportReader.Item item, RestoreTrial trial) {
        try {
            wanted(item).forEach(trial::add);
        } catch (LoamException refused) {
            throw new LoamException(
                    refused.code(), item.place() + ": " + refused.getMessage(), refused);
        }
    }

    /** Whether the vault holds all of it as it is. */
    boolean isIn(Vault vault) throws IOException {
        Predicate<StoredMemory> isThere =
                wanted ->
                        vault.stored(wanted.key()).filter(there -> there.holds(wanted)).isPresent();
        try (InputFile in = InputFile.open(file);
                Pass pass = new Pass(in)) {
            Optional<ExportReader.Item> item = pass.next();
            while (item.isPresent() && wanted(item.get()).stream().allMatch(isThere)) {
                item = pass.next();
            }
            return item.isEmpty();
        }
    }

    /** Puts all of it into the vault. */
    Importer.Report restore(Vault vault, Checked checked, Progress progress) throws IOException {
        try (InputFile in = InputFile.open(file);
                Pass pass = new Pass(in)) {
            return Importer.run(
                    () -> next(pass, checked).map(item -> itemOf(vault, item)),
                    () -> progress.at(in.position(), in.size()));
        }
    }

    private Importer.Item itemOf(Vault vault, ExportReader.Item item) {
        return new Importer.Item(
                item.place(),
                item.memory().key(),
                // All of them, whether or not one was there already.
                () -> wanted(item).stream().filter(vault::restore).count() > 0);
    }

    private List<StoredMemory> wanted(ExportReader.Item item) {
        return terms.keepsHistory() && item.origin().isPresent()
                ? List.of(item.memory(), item.origin().get())
                : List.of(item.memory());
    }

    private Optional<ExportReader.Item> next(Pass pass, Checked checked) {
        Optional<ExportReader.Item> item = pass.next();
        if (item.isEmpty() && !pass.reader.digest().equals(checked.digest())) {
            throw changed();
        }
        return item;
    }

    private LoamException changed() {
        return new LoamException(
                ErrorCode.IO_FAILED, file + " was changed while it was imported; import it again");
    }

    @Override
    public void close() {
        unlocked.ifPresent(SealedStream::close);
    }
}
