package dev.loam;

import static dev.loam.TestStores.assertCode;
import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.ByteWriter;
import dev.loam.core.Bytes;
import dev.loam.core.DeviceId;
import dev.loam.core.ErrorCode;
import dev.loam.core.SettledContexts;
import dev.loam.core.VaultId;
import dev.loam.core.VaultState;
import dev.loam.crypto.DeviceIdentity;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What somebody wrote who made the sums right, or signed it, and nobody else would write. */
class ForgedFilesTest {
    private static final String ID = "ab".repeat(16);
    private static final String KEY = "cd".repeat(32);
    private static final Bytes VAULT = Bytes.fromHex(ID);

    @TempDir Path directory;

    private void write(String name, String line) {
        new SmallFile(StoreFolder.plain(directory), name)
                .write(List.of(line.replace("ID", ID).replace("KEY", KEY).split(";")));
    }

    @ParameterizedTest
    @CsvSource({
        "device, pkcs8",
        "device, pkcs8=30",
        "device, pkcs8=zz",
        "device, pkcs8=30;public=",
        "device, pkcs8=30;public=KEYcd",
        "actors, own",
        "actors, own ID",
        "actors, own ID ab",
        "actors, own abcd ID",
        "actors, own ID ID abcd",
        "actors, rebase ID ID as",
        "actors, next ID ID ID",
        "peers, peer KEY",
        "peers, peer abcd 6869 host:1 *",
        "peers, peer KEY 6869 host:1 abcd",
        "forget, from",
        "forget, from -1",
        "forget, from 0",
        "forget, at 17",
    })
    void aFileOfLinesThatNobodyWroteIsDamaged(String name, String line) {
        write(name, line);
        StoreFolder folder = StoreFolder.plain(directory);
        assertCode(
                ErrorCode.CORRUPT,
                () -> {
                    switch (name) {
                        case "device" -> new DeviceFile(folder).read();
                        case "actors" -> new OwnActors(folder, new DeviceId(Bytes.fromHex(KEY)));
                        case "peers" -> new PeerBook(folder);
                        default -> new PurgeNotes(folder);
                    }
                });
    }

    @ParameterizedTest
    @CsvSource({"contacts, seen", "contacts, holds KEY ID", "contacts, seen ab 1 X", "absences, x"})
    void whatCanBeLearnedAnewIsThenNotKnown(String name, String line) {
        write(name, line);
        StoreFolder folder = StoreFolder.plain(directory);
        if (name.equals("contacts")) {
            assertThat(new PeerContacts(folder).waiting()).isEmpty();
        } else {
            assertThat(new Absences(folder)).isNotNull();
        }
    }

    /** It is asked for room before it is looked at. */
    @Test
    void aPackThatClaimsMorePayloadsThanItHasBytesIsRefused() {
        Pack pack = new Pack();
        pack.letGo();
        Bytes block = pack.take();
        assertThat(Pack.payloads(block, 1)).hasSize(1);
        assertCode(ErrorCode.CORRUPT, () -> Pack.payloads(block, 2));
        assertCode(ErrorCode.CORRUPT, () -> Pack.payloads(block, Integer.MAX_VALUE));
    }

    @Test
    void anEntryHasOneSealOrNone() {
        byte[] entry = new byte[1 + 16 + 16 + 1 + 32 + 1 + 64];
        entry[0] = 1;
        entry[entry.length - 65] = 1;
        assertThat(LogEntry.decode(Bytes.copyOf(entry)).seal()).isPresent();
        entry[entry.length - 65] = 2;
        assertCode(ErrorCode.CORRUPT, () -> LogEntry.decode(Bytes.copyOf(entry)));
    }

    @Test
    void aSnapshotWhoseNumbersAreTooLargeIsRefused() {
        DeviceIdentity maker = DeviceIdentity.generate(new SecureRandom());
        VaultState vault = VaultState.unknown(new VaultId(VAULT));
        ByteWriter head = new ByteWriter().u8(1).bytes(vault.encode());
        head.bytes(SettledContexts.NONE.encode()).varint(0).varint(1L << 31);
        Bytes content = head.varint(0).varint(0).toBytes();
        Bytes message = new ByteWriter().utf8("loam/snapshot/1").raw(content).toBytes();
        Bytes signed = new ByteWriter().bytes(content).raw(maker.sign(message)).toBytes();
        assertCode(ErrorCode.CORRUPT, () -> SnapshotHead.verified(signed, maker.publicKey()));
    }
}
