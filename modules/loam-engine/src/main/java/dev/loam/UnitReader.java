package dev.loam;

import dev.loam.core.Bytes;
import dev.loam.core.LoamException;
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
    UnitReader(Path path, BackupUnit unit) {
        this(path, unit.name(), Optional.of(unit.size()));
        if (!unit.isOf(head)) {
            close();
            throw damaged("it is of another segment or another store");
        }
    }

    /** Of a unit that no manifest names, so that nothing but its form can be looked at. */
    UnitReader(Path path) {
        this(path, String.valueOf(path.getFileName()), Optional.empty());
    }

    private UnitReader(Path path, String name, Optional<UnitSize> told) {
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
            this.body =
                    switch (head.codec()) {
                        case STORED -> source;
                        case DEFLATE -> new InflaterInputStream(source, inflater, BUFFER_BYTES);
                    };
        } catch (IOException fault) {
            close();
            throw BackupFiles.reading(path, fault);
        } catch (RuntimeException refused) {
            close();
            throw refused;
        }
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
        if (body.readNBytes(target, 0, target.length) < target.length) {
            throw new EOFException();
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
