package dev.loam.crypto;

import static dev.loam.crypto.Secrets.hex;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.Bytes;
import dev.loam.core.Checksummed;
import dev.loam.core.StoreId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page of the format says what the code reads, byte for byte. */
class FormatPageTest {
    private static final Path PAGE = Path.of("../../docs/formats/keys.md");
    private static final Path STREAM_PAGE = Path.of("../../docs/formats/sealed-stream.md");

    private static Bytes golden(String block) throws IOException {
        return golden(PAGE, block);
    }

    private static Bytes golden(Path page, String block) throws IOException {
        Matcher found =
                Pattern.compile("```hex " + block + "\n(.*?)```", Pattern.DOTALL)
                        .matcher(Files.readString(page));
        assertThat(found.find()).as("block %s of %s", block, page).isTrue();
        return Bytes.fromHex(found.group(1).replaceAll("#.*|\\s", ""));
    }

    private static Secret key(int fill) {
        byte[] key = new byte[Suite.KEY_BYTES];
        Arrays.fill(key, (byte) fill);
        return Secret.take(key);
    }

    private static SlotSecret passphrase() {
        byte[] text = "correct horse battery staple".getBytes(StandardCharsets.UTF_8);
        return new SlotSecret.Passphrase(Secret.take(text), PassphraseCost.STANDARD);
    }

    @Test
    void theKeyFileIsOpenedByEitherSecretThatThePageNames() throws IOException {
        KeyFile file = KeyFile.decode(golden("KEYS"));
        try (SlotSecret given = new SlotSecret.Key(SlotSecret.Source.KEY_FILE, key(1));
                SlotSecret words = passphrase();
                MasterKey byKey = file.unlock(given);
                MasterKey byWords = file.unlock(words)) {
            assertThat(hex(byKey.tableKey())).isEqualTo(golden("TABLE KEY").toHex());
            assertThat(hex(byWords.tableKey())).isEqualTo(golden("TABLE KEY").toHex());
            assertThat(file.slots()).hasSize(2);
            assertThat(file.encode()).isEqualTo(golden("KEYS"));
        }
    }

    @Test
    void theMessagesAreOpenedWithTheKeyThatThePageNames() throws IOException {
        Bytes associated = Bytes.ofUtf8("place");
        try (Secret key = key(2);
                Opener opener = new Opener(Suite.AES_256_GCM, key, Sealer.Use.LOG_FRAME)) {
            assertThat(opener.open(associated, golden("MESSAGE"))).contains(Bytes.ofUtf8("text"));
            assertThat(
                            SealedBlob.open(
                                    Suite.AES_256_GCM, key, "tables", associated, golden("SMALL")))
                    .contains(Bytes.ofUtf8("text"));
        }
    }

    @Test
    void theSealedStreamIsOpenedByTheKeyThatThePageNames() throws IOException {
        Bytes golden = golden(STREAM_PAGE, "HEADER");
        StreamHeader header = StreamHeader.decode(golden);
        assertThat(header.encode()).isEqualTo(golden);
        assertThat(header.kind()).isEqualTo(SealedStream.Kind.BACKUP);
        try (SlotSecret given = new SlotSecret.Key(SlotSecret.Source.KEY_FILE, key(1));
                SealedStream stream = header.unlock(given);
                SectionInput in =
                        SectionInput.begin(
                                new ByteArrayInputStream(golden(STREAM_PAGE, "SECTION").toArray()),
                                stream,
                                7)) {
            assertThat(in.readAllBytes()).isEqualTo(Bytes.ofUtf8("text").toArray());
        }
    }

    @Test
    void theTableAndTheSmallFileAreOpenedWithTheKeyThatThePageNames() throws IOException {
        StoreId store = new StoreId(Bytes.fromHex("07".repeat(16)));
        Bytes segment = Bytes.fromHex("aa".repeat(16));
        try (LastingKey parent = new LastingKey(store, Suite.AES_256_GCM, key(2))) {
            KeyTable table =
                    KeyTable.decode("the page", "log-keys", parent, golden("TABLE")).orElseThrow();
            try (Secret dataKey = table.key(segment).orElseThrow();
                    Secret expected = key(3)) {
                assertThat(hex(dataKey)).isEqualTo(hex(expected));
            }
            assertThat(table.note(segment)).contains(Bytes.ofUtf8("of a file"));

            Bytes body = Checksummed.body(golden("SMALL STORE FILE")).orElseThrow();
            Bytes sealed = body.slice(5, body.size());
            assertThat(body.slice(0, 5)).isEqualTo(Bytes.fromHex("4c534d4c01"));
            assertThat(parent.open("small", Bytes.ofUtf8("peers"), sealed))
                    .contains(Bytes.ofUtf8("text"));
        }
    }
}
