package dev.loam.cli;

import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.crypto.PassphraseCost;
import dev.loam.crypto.Secret;
import dev.loam.crypto.SlotSecret;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Optional;
import picocli.CommandLine.Option;

/** A passphrase from a descriptor, so that it stands in no argument and no file. */
final class PassphraseOption {
    private static final int NONE = -1;

    /** Longer ones are no passphrases. */
    private static final int BYTES_MAX = 1_024;

    @Option(
            names = "--passphrase-fd",
            paramLabel = "N",
            defaultValue = "-1",
            description =
                    "The passphrase is the first line of file descriptor N; 0 is stdin. Not kept"
                            + " anywhere: who forgets it has lost the file.")
    private int descriptor = NONE;

    boolean isGiven() {
        return descriptor != NONE;
    }

    /** To be closed. */
    Optional<SlotSecret> read(Surroundings surroundings) {
        if (!isGiven()) {
            return Optional.empty();
        }
        byte[] line = new byte[BYTES_MAX + 1];
        try (InputStream opened = opened()) {
            int length = readLine(descriptor == 0 ? surroundings.in() : opened, line);
            return Optional.of(
                    new SlotSecret.Passphrase(
                            normalized(ByteBuffer.wrap(line, 0, length)), PassphraseCost.STANDARD));
        } catch (IOException failed) {
            throw new LoamException(
                    ErrorCode.KEY_SOURCE,
                    "no passphrase can be read from descriptor " + descriptor,
                    failed);
        } finally {
            Arrays.fill(line, (byte) 0);
        }
    }

    private InputStream opened() throws IOException {
        return descriptor == 0
                ? InputStream.nullInputStream()
                : Files.newInputStream(Path.of("/dev/fd/" + descriptor));
    }

    private static int readLine(InputStream in, byte[] line) throws IOException {
        int length = 0;
        for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
            if (length == BYTES_MAX) {
                throw malformed("is longer than " + BYTES_MAX + " bytes");
            }
            line[length++] = (byte) next;
        }
        length -= length > 0 && line[length - 1] == '\r' ? 1 : 0;
        if (length == 0) {
            throw malformed("is empty");
        }
        return length;
    }

    /** In form C: the same characters are the same bytes, whatever keyboard they came from. */
    private static Secret normalized(ByteBuffer utf8) {
        try {
            CharBuffer typed = StandardCharsets.UTF_8.newDecoder().decode(utf8);
            String text = Normalizer.normalize(typed, Normalizer.Form.NFC);
            Arrays.fill(typed.array(), '\0');
            return Secret.take(text.getBytes(StandardCharsets.UTF_8));
        } catch (CharacterCodingException malformed) {
            throw malformed("is not UTF-8 text");
        }
    }

    private static LoamException malformed(String why) {
        return new LoamException(ErrorCode.KEY_MALFORMED, "the passphrase " + why);
    }
}
