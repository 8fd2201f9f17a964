package dev.loam.sync;

import dev.loam.core.ByteReader;
import dev.loam.core.ByteWriter;
import dev.loam.core.VaultId;
import dev.loam.sync.Frame.Standing;
import java.util.SortedMap;
import java.util.TreeMap;

/** HELLO as bytes. */
final class HelloCodec {
    /** Of a HELLO's marks: the sender would stay after all is exchanged. */
    private static final int LIVE = 1;

    /** Of a HELLO's marks: the sender takes nothing of a vault that it does not list. */
    private static final int LISTED_ONLY = 2;

    private HelloCodec() {}

    static void write(ByteWriter out, Frame.Hello hello) {
        int marks =
                (hello.mode() == Terms.Mode.LIVE ? LIVE : 0)
                        | (hello.scope() == Terms.Scope.LISTED ? LISTED_ONLY : 0);
        out.varint(SyncSession.PROTOCOL_VERSION).u8(marks).varint(hello.vaults().size());
        hello.vaults()
                .forEach(
                        (vault, standing) -> {
                            out.raw(vault.bytes());
                            StandingCodec.write(out, standing);
                        });
    }

    static Frame read(ByteReader in) {
        long version = in.varint();
        if (version != SyncSession.PROTOCOL_VERSION) {
            return new Frame.ForeignHello(version);
        }
        int marks = in.u8();
        if ((marks & ~(LIVE | LISTED_ONLY)) != 0) {
            throw in.corrupt("its marks are unknown");
        }
        SortedMap<VaultId, Standing> vaults = new TreeMap<>();
        int count = in.count(VaultId.SIZE + 3);
        for (int i = 0; i < count; i++) {
            VaultId vault = new VaultId(in.raw(VaultId.SIZE));
            FrameFields.putAscending(in, vaults, vault, StandingCodec.read(in));
        }
        return new Frame.Hello(
                (marks & LIVE) != 0 ? Terms.Mode.LIVE : Terms.Mode.ONCE,
                (marks & LISTED_ONLY) != 0 ? Terms.Scope.LISTED : Terms.Scope.ALL,
                vaults);
    }
}
