package dev.loam.cli;

import dev.loam.crypto.SealedStream;
import dev.loam.crypto.SectionOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.security.SecureRandom;

/** A sealed export: what is written is packed, then sealed. Without {@link #finish} it is none. */
final class SealedOutput extends OutputStream {
    /** Of the stream: an export has no other. */
    static final long SECTION = 0;

    private final SealedStream stream;
    private final SectionOutput section;
    private final PackedOutput packed;

    private SealedOutput(SealedStream stream, SectionOutput section) {
        this.stream = stream;
        this.section = section;
        this.packed = new PackedOutput(section);
    }

    /** Writes the header. */
    static SealedOutput begin(OutputStream to, SealedStream stream) throws IOException {
        to.write(stream.header().encode().toArray());
        SecureRandom random = new SecureRandom();
        return new SealedOutput(stream, SectionOutput.begin(to, stream.seal(SECTION, random)));
    }

    @Override
    public void write(int next) throws IOException {
        packed.write(next);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        packed.write(source, offset, length);
    }

    void finish() throws IOException {
        packed.finish();
        section.finish();
    }

    @Override
    public void close() {
        packed.close();
        section.close();
        stream.close();
    }
}
