package dev.loam;

import dev.loam.core.Bytes;
import dev.loam.core.LoamException;
import dev.loam.crypto.SealedStream;
import dev.loam.crypto.SectionInput;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads one unit of a backup and compares it with what the manifest says of it. Whoever uses an
 * item before {@link #next} has given none may use what is damaged: nothing of it may count before.
 * Memory does not depend on what the unit holds or claims to hold. For one thread.
 */
final class UnitReader implements AutoCloseable {
    private static final int BUFFER_BYTES = 256 << 10;

    /** The file, and SHA-256 of all that is read of it. */
    private static final class Source extends InputStream {
        private final Path path;
        private final FileChannel channel;
        private final MessageDigest digest = UnitWriter.sha256();
        private long read;

        private Source(Path path, FileChannel channel) {
            this.path = path;
            this.channel = channel;
        }

        @Override
        public int read() {
            byte[] single = new byte[1];
            return read(single, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(single[0]);
        }

        /** What the disk refuses is told as such, and not as damage. */
        @Override
        public int read(byte[] target, int offset, int length) {
            try {
                int count = channel.read(ByteBuffer.wrap(target, offset, length));
                if (count > 0) {
                    digest.update(target, offset, count);
                    read += count;
                }
                return count;
            } catch (IOException fault) {
                throw BackupFiles.reading(path, fault);
            }
        }
    }

    private final String name;
    private final Optional<UnitSize> told;
    private final FileChannel channel;
    private final Source source;
    private final InputStream body;
    private final UnitHead head;
    private final long bytes;
    private final Inflater inflater = new Inflater();
    private final byte[] header = new byte[UnitItem.HEADER_BYTES];
    private long rawBytes;
    private long items;
    private int largest;
    private @Nullable UnitSize size;

    /**
     * Of a unit that a manifest names.
     *
     * @throws LoamException {@code CORRUPT} if the unit is missing, of another length or of
     *     something else than the manifest says; {@code FORMAT_VERSION}, {@code IO_FAILED}, {@code
     *     PERMISSIONS}
     */
    UnitReader(Path path, BackupUnit unit, BackupKeys keys) {
        this(path, unit.name(), Optional.of(unit.size()), keys);
        if (!unit.isOf(head)) {
            close();
            throw damaged("it is of another segment or another store");
        }
    }

    /** Of a unit that no manifest names, so that nothing but its form can be looked at. */
    UnitReader(Path path, BackupKeys keys) {
        this(path, String.valueOf(path.getFileName()), Optional.empty(), keys);
    }

    private UnitReader(Path path, String name, Optional<UnitSize> told, BackupKeys keys) {
        this.name = name;
        this.told = told;
        try {
            this.channel = FileChannel.open(path, StandardOpenOption.READ);
        } catch (NoSuchFileException missing) {
            throw damaged("its file is missing");
        } catch (IOException fault) {
            throw BackupFiles.reading(path, fault);
        }
        this.source = new Source(path, channel);
        try {
            this.bytes = channel.size();
            if (told.isPresent() && told.get().bytes() != bytes) {
                throw damaged("it has " + bytes + " bytes, not " + told.get().bytes());
            }
            this.head = UnitHead.decode(name, source.readNBytes(UnitHead.SIZE));
            InputStream inner = head.sealing().isPresent() ? section(keys) : source;
            this.body =
                    switch (head.codec()) {
                        case STORED -> inner;
                        case DEFLATE -> new InflaterInputStream(inner, inflater, BUFFER_BYTES);
                    };
        } catch (IOException fault) {
            close();
            throw BackupFiles.reading(path, fault);
        } catch (RuntimeException refused) {
            close();
            throw refused;
        }
    }

    private InputStream section(BackupKeys keys) throws IOException {
        try {
            SealedStream stream = keys.stream(head.sealing().orElseThrow());
            return SectionInput.begin(source, stream, head.section());
        } catch (LoamException refused) {
            throw named(refused);
        }
    }

    /** What is sealed does not know in which unit it lies. */
    private LoamException named(LoamException refused) {
        return switch (refused.code()) {
            case CORRUPT, TAMPERED ->
                    new LoamException(
                            refused.code(),
                            "the unit " + name + " of the backup: " + refused.getMessage(),
                            refused);
            default -> refused;
        };
    }

    UnitHead head() {
        return head;
    }

    /** The next item; empty behind the last one, when all of the unit was read and found right. */
    Optional<UnitItem> next() {
        if (size != null) {
            return Optional.empty();
        }
        try {
            readFully(header);
            ByteBuffer fields = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
            UnitItem.Kind kind = kind(Byte.toUnsignedInt(fields.get()));
            long count = Integer.toUnsignedLong(fields.getInt());
            int length = fields.getInt();
            if (length < 0 || length > UnitItem.PAYLOAD_BYTES_MAX) {
                throw damaged("an item claims " + Integer.toUnsignedLong(length) + " bytes");
            }
            rawBytes += UnitItem.HEADER_BYTES + length;
            if (told.isPresent() && rawBytes > told.get().rawBytes()) {
                throw damaged("it holds more than the manifest says");
            }
            if (kind == UnitItem.Kind.END) {
                end(count, length);
                return Optional.empty();
            }
            byte[] payload = new byte[length];
            readFully(payload);
            items++;
            largest = Math.max(largest, length);
            return Optional.of(new UnitItem(kind, count, Bytes.adopt(payload)));
        } catch (IOException malformed) {
            throw damaged("it cannot be unpacked");
        }
    }

    private UnitItem.Kind kind(int number) {
        for (UnitItem.Kind kind : UnitItem.Kind.values()) {
            if (kind.number() == number) {
                return kind;
            }
        }
        throw damaged("it holds something unknown");
    }

    private void readFully(byte[] target) throws IOException {
        try {
            if (body.readNBytes(target, 0, target.length) < target.length) {
                throw new EOFException();
            }
        } catch (LoamException refused) {
            throw named(refused);
        }
    }

    private void end(long count, int length) throws IOException {
        boolean isEnded = length == 0 && count == (items & 0xffff_ffffL) && body.read() < 0;
        source.transferTo(OutputStream.nullOutputStream());
        UnitSize read =
                new UnitSize(bytes, rawBytes, items, largest, Bytes.adopt(source.digest.digest()));
        if (!isEnded || !told.orElse(read).equals(read)) {
            throw damaged("it is not what the manifest says");
        }
        size = read;
    }

    /** Of the unit, once {@link #next} has given all of it. */
    UnitSize size() {
        return Objects.requireNonNull(size, "the unit has not been read");
    }

    /**
     * Compares a unit with the SHA-256 that its manifest says, which takes no key.
     *
     * @throws LoamException as for reading it
     */
    static void requireHash(Path path, BackupUnit unit, LongConsumer read) {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            Source source = new Source(path, channel);
            byte[] buffer = new byte[BUFFER_BYTES];
            while (source.read(buffer, 0, buffer.length) > 0) {
                read.accept(source.read);
            }
            if (!Bytes.adopt(source.digest.digest()).equals(unit.size().sha256())) {
                throw UnitHead.damaged(unit.name(), "it is not what the manifest says");
            }
        } catch (NoSuchFileException missing) {
            throw UnitHead.damaged(unit.name(), "its file is missing");
        } catch (IOException fault) {
            throw BackupFiles.reading(path, fault);
        }
    }

    /** How much of the unit was read, not packed. */
    long rawBytes() {
        return rawBytes;
    }

    /** How much of its file was read. */
    long fileBytes() {
        return source.read;
    }

    private LoamException damaged(String why) {
        return UnitHead.damaged(name, why);
    }

    /** Lets go of the file. Idempotent. */
    @Override
    public void close() {
        inflater.end();
        try {
            channel.close();
        } catch (IOException fault) {
            throw BackupFiles.reading(source.path, fault);
        }
    }
}
