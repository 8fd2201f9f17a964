package dev.loam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.Bytes;
import dev.loam.core.StoreId;
import dev.loam.crypto.DeviceIdentity;
import dev.loam.crypto.SlotSecret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page of the format says what the code writes and reads, byte for byte. */
class AuditFormatPageTest {
    private static final Path PAGE = Path.of("../../docs/formats/audit.md");
    private static final StoreId STORE = new StoreId(Bytes.fromHex("07".repeat(StoreId.SIZE)));
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final List<AuditEvent> EVENTS =
            List.of(
                    new AuditEvent.Begun(0),
                    new AuditEvent.SlotAdded(2, SlotSecret.Source.KEY_FILE),
                    new AuditEvent.Unknown(4711, Bytes.ofUtf8("new")));

    @TempDir Path directory;

    /** RFC 8410 around the seed. */
    private final DeviceIdentity device =
            DeviceIdentity.fromPkcs8(
                    Bytes.fromHex("302e020100300506032b657004220420" + "01".repeat(32)));

    private static Bytes golden(String block) throws IOException {
        Matcher found =
                Pattern.compile("```hex " + block + "\n(.*?)```", Pattern.DOTALL)
                        .matcher(Files.readString(PAGE));
        assertThat(found.find()).as("block %s of %s", block, PAGE).isTrue();
        return Bytes.fromHex(found.group(1).replaceAll("#.*|\\s", ""));
    }

    private AuditTrail trail() {
        return new AuditTrail(
                StoreFolder.plain(directory),
                STORE,
                new Environment(InstantSource.fixed(NOW)),
                device,
                () -> 0);
    }

    @Test
    void whatIsWrittenIsWhatThePageShows() throws IOException {
        try (AuditTrail trail = trail()) {
            EVENTS.stream().skip(1).forEach(trail::record);
        }
        Path audit = directory.resolve("audit");
        assertThat(Bytes.adopt(Files.readAllBytes(audit.resolve("00000001.trail"))).toHex())
                .isEqualTo(golden("FILE").toHex());
        assertThat(Bytes.adopt(Files.readAllBytes(audit.resolve("head"))).toHex())
                .isEqualTo(golden("HEAD").toHex());
    }

    @Test
    void whatThePageShowsIsRead() throws IOException {
        Path audit = Files.createDirectory(directory.resolve("audit"));
        Files.write(audit.resolve("00000001.trail"), golden("FILE").toArray());
        Files.write(audit.resolve("head"), golden("HEAD").toArray());
        List<AuditEntry> entries = new ArrayList<>();
        try (AuditTrail trail = trail()) {
            assertThat(trail.read(Optional.empty(), entries::add).damage()).isEmpty();
        }
        assertThat(entries)
                .containsExactly(
                        new AuditEntry(1, NOW, EVENTS.get(0)),
                        new AuditEntry(2, NOW, EVENTS.get(1)),
                        new AuditEntry(3, NOW, EVENTS.get(2)));
    }
}
