package dev.loam.sync;

import dev.loam.core.ActorId;
import dev.loam.core.ByteReader;
import dev.loam.core.ByteWriter;
import dev.loam.core.Bytes;
import dev.loam.core.VaultId;
import dev.loam.sync.Frame.Head;
import dev.loam.sync.Frame.Standing;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** HELLO as bytes. */
final class HelloCodec {
    /** Of a HELLO's marks: the sender would stay after all is exchanged. */
    private static final int LIVE = 1;

    /** Of a HELLO's marks: the sender takes nothing of a vault that it does not list. */
    private static final int LISTED_ONLY = 2;

    private static final int WITHOUT_DIGEST = 0;
    private static final int WITH_DIGEST = 1;

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
                            writeStanding(out, standing);
                        });
    }

    private static void writeStanding(ByteWriter out, Standing standing) {
        standing.digest()
                .ifPresentOrElse(
                        digest -> out.u8(WITH_DIGEST).raw(digest), () -> out.u8(WITHOUT_DIGEST));
        out.varint(standing.heads().size());
        standing.heads()
                .forEach(
                        (actor, head) ->
                                out.raw(actor.bytes())
                                        .varint(head.sequence())
                                        .raw(head.hashPrefix()));
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
        int count = in.count(VaultId.SIZE + 2);
        for (int i = 0; i < count; i++) {
            VaultId vault = new VaultId(in.raw(VaultId.SIZE));
            FrameFields.putAscending(in, vaults, vault, readStanding(in));
        }
        return new Frame.Hello(
                (marks & LIVE) != 0 ? Terms.Mode.LIVE : Terms.Mode.ONCE,
                (marks & LISTED_ONLY) != 0 ? Terms.Scope.LISTED : Terms.Scope.ALL,
                vaults);
    }

    private static Standing readStanding(ByteReader in) {
        Optional<Bytes> digest =
                switch (in.u8()) {
                    case WITHOUT_DIGEST -> Optional.empty();
                    case WITH_DIGEST -> Optional.of(in.raw(VaultSummary.DIGEST_BYTES));
                    default -> throw in.corrupt("its digest's mark is unknown");
                };
        SortedMap<ActorId, Head> heads = new TreeMap<>();
        int count = in.count(ActorId.SIZE + 1 + Head.PREFIX_BYTES);
        for (int i = 0; i < count; i++) {
            ActorId actor = FrameFields.readActor(in);
            Head head = new Head(FrameFields.readSequence(in), in.raw(Head.PREFIX_BYTES));
            FrameFields.putAscending(in, heads, actor, head);
        }
        return new Standing(digest, heads);
    }
}
