package dev.loam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.loam.core.ByteWriter;
import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.SettledContexts;
import dev.loam.core.VaultId;
import dev.loam.core.VaultState;
import dev.loam.crypto.DeviceIdentity;
import dev.loam.fuzz.FormatPages;
import dev.loam.fuzz.FuzzTarget;
import dev.loam.fuzz.Scratch;
import dev.loam.log.Trees;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/** What a member makes of a vault for another: the head that it signs, and the blocks in chunks. */
public final class FuzzSnapshot implements FuzzTarget {
    private static final VaultId VAULT = new VaultId(Bytes.fromHex("a0".repeat(VaultId.SIZE)));

    private final DeviceIdentity maker =
            DeviceIdentity.fromPkcs8(
                    Bytes.fromHex("302e020100300506032b657004220420" + "01".repeat(32)));
    private final StoreFolder folder = StoreFolder.plain(Scratch.make());

    public FuzzSnapshot() throws IOException {}

    @Override
    public List<byte[]> seeds() throws IOException {
        VaultState vault = VaultState.decode(Bytes.adopt(FormatPages.bytes("batch.md", "vault")));
        Bytes signed =
                new SnapshotHead(
                                vault,
                                SettledContexts.NONE,
                                new TreeMap<>(),
                                0,
                                List.of(Tally.hash(VAULT.bytes())),
                                16)
                        .signed(maker);
        byte[] head = new byte[signed.size() - LogEntry.SEAL_SIZE - 2];
        System.arraycopy(signed.toArray(), 2, head, 0, head.length);
        Bytes records = Bytes.adopt(FormatPages.bytes("compacted.md", "records"));
        Bytes pack = Bytes.adopt(FormatPages.bytes("compacted.md", "pack"));
        return List.of(head, block(1, 1, records), block(2, 3, pack));
    }

    private static byte[] block(int kind, int count, Bytes content) {
        return new ByteWriter()
                .u8(kind)
                .fixed64(((long) count << Integer.SIZE) | content.size())
                .raw(content)
                .toBytes()
                .toArray();
    }

    @Override
    public Set<ErrorCode> refusals() {
        return EnumSet.of(
                ErrorCode.CORRUPT,
                ErrorCode.FORMAT_VERSION,
                ErrorCode.LIMIT_EXCEEDED,
                ErrorCode.INVALID_ARGUMENT);
    }

    @Override
    public void run(byte[] input) throws IOException {
        Bytes content = Bytes.copyOf(input);
        head(content);
        Trees.empty(folder.path());
        SnapshotFiles files = SnapshotFiles.taken(folder, VAULT);
        SnapshotHead head =
                new SnapshotHead(
                        VaultState.unknown(VAULT),
                        SettledContexts.NONE,
                        new TreeMap<>(),
                        0,
                        List.of(files.keep(content)),
                        content.size());
        SnapshotContent.read(files, head, _ -> {}, _ -> {});
    }

    /** Signed as the maker would: a member may lie. */
    private void head(Bytes content) {
        Bytes message = new ByteWriter().utf8("loam/snapshot/1").raw(content).toBytes();
        Bytes signed = new ByteWriter().bytes(content).raw(maker.sign(message)).toBytes();
        try {
            SnapshotHead head = SnapshotHead.verified(signed, maker.publicKey());
            assertThat(SnapshotHead.verified(head.signed(maker), maker.publicKey()))
                    .isEqualTo(head);
        } catch (LoamException refused) {
            mayBe(refused);
        }
    }
}
