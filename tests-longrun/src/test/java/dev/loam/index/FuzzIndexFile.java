package dev.loam.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.ErrorCode;
import dev.loam.crypto.FuzzKeys;
import dev.loam.crypto.Opener;
import dev.loam.crypto.Sealer;
import dev.loam.crypto.Secret;
import dev.loam.crypto.Suite;
import dev.loam.fuzz.FormatPages;
import dev.loam.fuzz.FuzzTarget;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.IndexOutput;

/** A file of a sealed index: it is read as it was written, or not at all. */
public final class FuzzIndexFile implements FuzzTarget {
    private static final String NAME = "file";

    private final byte[] text;

    public FuzzIndexFile() throws IOException {
        text = FormatPages.bytes("index-seal.md", "TEXT");
    }

    @Override
    public List<byte[]> seeds() {
        return List.of(text.clone());
    }

    @Override
    public Set<ErrorCode> refusals() {
        return EnumSet.noneOf(ErrorCode.class);
    }

    @Override
    public void run(byte[] input) throws IOException {
        byte[] content = "text".getBytes(StandardCharsets.UTF_8);
        for (long told = 0; told <= content.length + 1; told++) {
            try (Directory disk = new ByteBuffersDirectory()) {
                try (IndexOutput out = disk.createOutput(NAME, IOContext.DEFAULT)) {
                    out.writeBytes(input, input.length);
                }
                open(disk, told, content);
            }
        }
    }

    private void open(Directory disk, long told, byte[] content) throws IOException {
        try (IndexInput stored = disk.openInput(NAME, IOContext.DEFAULT)) {
            DecryptedFile file = DecryptedFile.read(stored, new Known(told), Arena.ofShared());
            byte[] read = file.content().toArray(ValueLayout.JAVA_BYTE);
            file.release();
            assertThat(read).isEqualTo(content);
        } catch (CorruptIndexException _) {
            // As it must be of what is not the file.
        }
    }

    /** The key of the page, and some length. */
    private record Known(long contentBytes) implements IndexSealing.SealedFile {
        @Override
        public IndexSealing.BlockOpener opener() {
            try (Secret key = FuzzKeys.key(5)) {
                return new Blocks(new Opener(Suite.AES_256_GCM, key, Sealer.Use.INDEX_BLOCK));
            }
        }
    }

    private record Blocks(Opener opener) implements IndexSealing.BlockOpener {
        @Override
        public boolean open(byte[] associated, byte[] sealed, int length, byte[] content) {
            return opener.open(associated, sealed, length, content);
        }

        @Override
        public void close() {
            opener.close();
        }
    }
}
