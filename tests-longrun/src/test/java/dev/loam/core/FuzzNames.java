package dev.loam.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.fuzz.FuzzTarget;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Keys and names as somebody gives them: what is let in comes back from UTF-8 as it was. */
public final class FuzzNames implements FuzzTarget {
    @Override
    public List<byte[]> seeds() {
        return List.of(
                utf16("home"),
                utf16("caf\u00e9 \ud83d\ude00"),
                utf16("loam.origin/\u0001"),
                utf16("\ud800"));
    }

    private static byte[] utf16(String text) {
        return text.getBytes(StandardCharsets.UTF_16BE);
    }

    @Override
    public Set<ErrorCode> refusals() {
        return EnumSet.of(ErrorCode.INVALID_ARGUMENT, ErrorCode.LIMIT_EXCEEDED);
    }

    /** As UTF-16, so that halves of surrogate pairs are met. */
    @Override
    public void run(byte[] input) {
        char[] chars = new char[input.length / 2];
        for (int i = 0; i < chars.length; i++) {
            chars[i] = (char) (((input[2 * i] & 0xff) << Byte.SIZE) | (input[2 * i + 1] & 0xff));
        }
        String text = new String(chars);
        letIn(text, () -> Limits.checkKey(text));
        letIn(text, () -> Limits.checkName("name", text, Limits.NAME_BYTES_MAX));
        letIn(text, () -> Limits.checkVaultName(text));
        letIn(text, () -> assertThat(new FieldName(text).name()).isEqualTo(text));
        letIn(
                text,
                () -> {
                    int length = Limits.utf8Length("text", text);
                    assertThat(Bytes.ofUtf8(text).size()).isEqualTo(length);
                });
    }

    private void letIn(String text, Runnable check) {
        try {
            check.run();
        } catch (LoamException refused) {
            mayBe(refused);
            return;
        }
        assertThat(Bytes.ofUtf8(text).toUtf8()).isEqualTo(text);
    }
}
