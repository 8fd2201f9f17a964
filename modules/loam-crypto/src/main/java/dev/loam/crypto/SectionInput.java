package dev.loam.crypto;

import dev.loam.core.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/**
 * Reads one section of a stream. It ends where the section does, and the source goes on behind it;
 * a source that ends before is {@code CORRUPT}. Closing wipes the key and leaves the source open.
 * For one thread.
 */
public final class SectionInput extends InputStream {
    private final InputStream from;
    private final SectionOpener opener;
    private Bytes content = Bytes.EMPTY;
    private int next;

    private SectionInput(InputStream from, SectionOpener opener) {
        this.from = from;
        this.opener = opener;
    }

    /** Reads the header that a sealed stream begins with, and nothing behind it. */
    public static StreamHeader header(InputStream from) throws IOException {
        byte[] prefix = exactly(from, StreamHeader.PREFIX_BYTES);
        byte[] all = new byte[StreamHeader.size(Bytes.copyOf(prefix))];
        System.arraycopy(prefix, 0, all, 0, prefix.length);
        byte[] rest = exactly(from, all.length - prefix.length);
        System.arraycopy(rest, 0, all, prefix.length, rest.length);
        return StreamHeader.decode(Bytes.adopt(all));
    }

    /** Reads the section's head. */
    public static SectionInput begin(InputStream from, SealedStream stream, long number)
            throws IOException {
        Bytes head = Bytes.adopt(exactly(from, SectionOpener.HEAD_BYTES));
        return new SectionInput(from, stream.open(number, head));
    }

    private static byte[] exactly(InputStream from, int count) throws IOException {
        byte[] bytes = from.readNBytes(count);
        if (bytes.length < count) {
            throw StreamHeader.corrupt("it ends too early");
        }
        return bytes;
    }

    @Override
    public int read() throws IOException {
        return fill() ? content.get(next++) & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int part = Math.min(length, content.size() - next);
        content.slice(next, next + part).copyTo(target, offset);
        next += part;
        return part;
    }

    /** Whether there is a byte to give. */
    private boolean fill() throws IOException {
        while (next == content.size() && !opener.hasEnded()) {
            byte[] prefix = exactly(from, SectionOpener.CHUNK_PREFIX_BYTES);
            int size = opener.chunkSize(Bytes.copyOf(prefix));
            byte[] stored = new byte[size];
            System.arraycopy(prefix, 0, stored, 0, prefix.length);
            byte[] rest = exactly(from, size - prefix.length);
            System.arraycopy(rest, 0, stored, prefix.length, rest.length);
            content = opener.open(Bytes.adopt(stored));
            next = 0;
        }
        return next < content.size();
    }

    @Override
    public void close() {
        opener.close();
    }
}
