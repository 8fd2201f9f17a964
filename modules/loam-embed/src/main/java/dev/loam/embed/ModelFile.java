package dev.loam.embed;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.zip.CRC32;

/**
 * A file of the model's jar that must be exactly the known one: other bytes would give other
 * vectors under the same model name. The checksum guards against a wrong or broken jar; it is not a
 * defence against forgery.
 */
record ModelFile(String name, int sizeBytes, long crc32) {
    static final ModelFile MODEL =
            new ModelFile("bge-small-en-v1.5-q.onnx", 34_014_426, 0xfd1c_aefcL);
    static final ModelFile TOKENIZER =
            new ModelFile("bge-small-en-v1.5-q-tokenizer.json", 711_396, 0xfec4_e1bcL);

    private static final int CHUNK_BYTES = 1 << 16;

    /**
     * @param target of {@link #sizeBytes}
     * @throws IOException if the file is absent or another one
     */
    void readInto(MemorySegment target) throws IOException {
        try (InputStream in = ModelFile.class.getResourceAsStream("/" + name)) {
            if (in == null) {
                throw new IOException(name + " is not on the class path");
            }
            CRC32 checksum = new CRC32();
            byte[] chunk = new byte[CHUNK_BYTES];
            int position = 0;
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                if (n > sizeBytes - position) {
                    throw new IOException(name + " is longer than the known one");
                }
                checksum.update(chunk, 0, n);
                MemorySegment.copy(chunk, 0, target, ValueLayout.JAVA_BYTE, position, n);
                position += n;
            }
            if (position != sizeBytes || checksum.getValue() != crc32) {
                throw new IOException(name + " is not the known one");
            }
        }
    }
}
