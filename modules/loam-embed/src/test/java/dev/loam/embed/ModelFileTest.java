package dev.loam.embed;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

final class ModelFileTest {
    private static final ModelFile KNOWN = ModelFile.TOKENIZER;

    @Test
    void aFileThatIsAbsentOrLongerOrShorterOrOtherIsRefused() {
        assertRefused(new ModelFile("none.onnx", 10, 0));
        assertRefused(new ModelFile(KNOWN.name(), KNOWN.sizeBytes() - 1, KNOWN.crc32()));
        assertRefused(new ModelFile(KNOWN.name(), KNOWN.sizeBytes() + 1, KNOWN.crc32()));
        assertRefused(new ModelFile(KNOWN.name(), KNOWN.sizeBytes(), KNOWN.crc32() ^ 1));
    }

    private static void assertRefused(ModelFile file) {
        MemorySegment target = MemorySegment.ofArray(new byte[file.sizeBytes()]);
        assertThatThrownBy(() -> file.readInto(target))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.name());
    }
}
