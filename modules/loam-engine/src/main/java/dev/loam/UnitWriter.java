package dev.loam;

import dev.loam.core.Bytes;
import dev.loam.crypto.SectionOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/**
 * Writes one unit of a backup under a name that counts for nothing until {@link #end} has forced
 * it. Memory does not depend on what the unit holds. For one thread.
 */
final class UnitWriter implements AutoCloseable {
    private static final int BUFFER_BYTES = 256 << 10;

    /** The file, and SHA-256 of all that is written to it. */
    private static final class Sink extends OutputStream {
        private final BackupFiles files;
        private final FileChannel channel;
        private final MessageDigest digest = sha256();
        private long bytes;

        private Sink(BackupFiles files, FileChannel channel) {
            this.files = files;
            this.channel = channel;
        }

        @Override
        public void write(int single) throws IOException {
            write(new byte[] {(byte) single}, 0, 1);
        }

        @Override
        public void write(byte[] content, int offset, int length) throws IOException {
            digest.update(content, offset, length);
            files.write(channel, ByteBuffer.wrap(content, offset, length));
            bytes += length;
        }
    }

    private final BackupFiles files;
    private final Path path;
    private final FileChannel channel;
    private final Sink sink;
    private final Optional<SectionOutput> section;
    private final OutputStream body;
    private final Deflater deflater;
    private final ByteBuffer buffer =
            ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private long rawBytes;
    private long items;
    private int largest;

    /**
     * @throws dev.loam.core.LoamException {@code DISK_FULL}, {@code IO_FAILED}, {@code PERMISSIONS}
     */
    UnitWriter(BackupFiles files, Path path, UnitHead head, UnitForm form) {
        this.files = files;
        this.path = path;
        this.channel = create(files, path);
        this.sink = new Sink(files, channel);
        this.deflater = new Deflater(form.level());
        try {
            sink.write(head.encode().toArray(), 0, UnitHead.SIZE);
            this.section = section(head, form);
            OutputStream inner = section.<OutputStream>map(each -> each).orElse(sink);
            this.body =
                    switch (head.codec()) {
                        case STORED -> inner;
                        case DEFLATE -> new DeflaterOutputStream(inner, deflater, BUFFER_BYTES);
                    };
        } catch (IOException refused) {
            release();
            throw BackupFiles.writing(path, refused);
        } catch (RuntimeException | Error refused) {
            release();
            throw refused;
        }
    }

    private static FileChannel create(BackupFiles files, Path path) {
        try {
            return files.create(path);
        } catch (IOException refused) {
            throw BackupFiles.writing(path, refused);
        }
    }

    private void release() {
        deflater.end();
        try {
            channel.close();
        } catch (IOException fault) {
            throw BackupFiles.reading(path, fault);
        }
    }

    private Optional<SectionOutput> section(UnitHead head, UnitForm form) throws IOException {
        return form.sealing().isPresent()
                ? Optional.of(form.sealing().get().section(sink, head))
                : Optional.empty();
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException absent) {
            throw new AssertionError("every JDK has SHA-256", absent);
        }
    }

    void add(UnitItem item) {
        put(item);
        items++;
        largest = Math.max(largest, item.payload().size());
    }

    private void put(UnitItem item) {
        Bytes payload = item.payload();
        try {
            if (buffer.remaining() < UnitItem.HEADER_BYTES) {
                flush();
            }
            buffer.put((byte) item.kind().number())
                    .putInt((int) item.count())
                    .putInt(payload.size());
            ByteBuffer content = payload.asBuffer();
            while (content.hasRemaining()) {
                if (!buffer.hasRemaining()) {
                    flush();
                }
                int part = Math.min(buffer.remaining(), content.remaining());
                buffer.put(buffer.position(), content, content.position(), part);
                buffer.position(buffer.position() + part);
                content.position(content.position() + part);
            }
        } catch (IOException refused) {
            throw BackupFiles.writing(path, refused);
        }
        rawBytes += UnitItem.HEADER_BYTES + payload.size();
    }

    private void flush() throws IOException {
        body.write(buffer.array(), 0, buffer.position());
        buffer.clear();
    }

    /** How much was added, not packed. */
    long rawBytes() {
        return rawBytes;
    }

    /** Ends the unit, which is on the disk when this returns. */
    UnitSize end() {
        put(new UnitItem(UnitItem.Kind.END, items, Bytes.EMPTY));
        try {
            flush();
            if (body instanceof DeflaterOutputStream packed) {
                packed.finish();
            }
            if (section.isPresent()) {
                section.get().finish();
            }
            files.force(channel);
            channel.close();
        } catch (IOException refused) {
            throw BackupFiles.writing(path, refused);
        }
        return new UnitSize(
                sink.bytes, rawBytes, items, largest, Bytes.adopt(sink.digest.digest()));
    }

    /** Lets go of the file. Idempotent. */
    @Override
    public void close() {
        section.ifPresent(SectionOutput::close);
        release();
    }
}
