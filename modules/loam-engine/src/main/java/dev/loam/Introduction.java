package dev.loam;

import dev.loam.core.ActorId;
import dev.loam.core.Bytes;
import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import dev.loam.core.VaultId;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What a device that goes on under a new actor asks of a member: for each vault the nonce of that
 * actor, and the actor that it replaces, which is then excluded, zeros where it replaces none; and
 * how it stands; 41 bytes together, in the vaults' order.
 */
final class Introduction {
    /** More vaults are asked for in the next session. */
    static final int VAULTS_MAX = 16;

    private static final int NONCE_AT = VaultId.SIZE;
    private static final int REPLACED_AT = NONCE_AT + ActorId.NONCE_SIZE;
    private static final int MARKS_AT = REPLACED_AT + ActorId.SIZE;
    private static final int ENTRY_BYTES = MARKS_AT + 1;

    /** Of an entry's marks: it wants a snapshot. */
    private static final int WANTS_SNAPSHOT = 1;

    /** Of an entry's marks: it would go on as it was, and make one. */
    private static final int MAY_STAND = 2;

    private static final Bytes NONE = Bytes.adopt(new byte[ActorId.SIZE]);

    /**
     * @param replaced as which the device wrote before, if nothing more that it wrote so may count
     */
    record Asked(Bytes nonce, Optional<ActorId> replaced, Need need) {}

    /** What is needed beside a name. */
    enum Need {
        /** Nothing: it keeps what it has. */
        NAME(0),
        /** A snapshot, whatever the other needs. */
        SNAPSHOT(WANTS_SNAPSHOT),
        /** A snapshot; it could go on as it was, and make one for the other. */
        SNAPSHOT_OR_STAND(WANTS_SNAPSHOT | MAY_STAND);

        private final int marks;

        Need(int marks) {
            this.marks = marks;
        }

        private static Optional<Need> of(int marks) {
            return Stream.of(values()).filter(each -> each.marks == marks).findFirst();
        }
    }

    private Introduction() {}

    static Bytes encode(SortedMap<VaultId, Asked> all) {
        byte[] encoded = new byte[Math.min(VAULTS_MAX, all.size()) * ENTRY_BYTES];
        int at = 0;
        for (Map.Entry<VaultId, Asked> each : all.entrySet()) {
            if (at < encoded.length) {
                each.getKey().bytes().copyTo(encoded, at);
                each.getValue().nonce().copyTo(encoded, at + NONCE_AT);
                each.getValue()
                        .replaced()
                        .map(ActorId::bytes)
                        .orElse(NONE)
                        .copyTo(encoded, at + REPLACED_AT);
                encoded[at + MARKS_AT] = (byte) each.getValue().need().marks;
                at += ENTRY_BYTES;
            }
        }
        return Bytes.adopt(encoded);
    }

    static SortedMap<VaultId, Asked> decode(Bytes encoded) {
        if (encoded.size() % ENTRY_BYTES != 0 || encoded.size() > VAULTS_MAX * ENTRY_BYTES) {
            throw malformed();
        }
        TreeMap<VaultId, Asked> all = new TreeMap<>();
        for (int at = 0; at < encoded.size(); at += ENTRY_BYTES) {
            Bytes replaced = encoded.slice(at + REPLACED_AT, at + MARKS_AT);
            all.put(
                    new VaultId(encoded.slice(at, at + NONCE_AT)),
                    new Asked(
                            encoded.slice(at + NONCE_AT, at + REPLACED_AT),
                            Optional.of(replaced)
                                    .filter(actor -> !actor.equals(NONE))
                                    .map(ActorId::new),
                            Need.of(encoded.get(at + MARKS_AT))
                                    .orElseThrow(Introduction::malformed)));
        }
        return all;
    }

    private static LoamException malformed() {
        return new LoamException(
                ErrorCode.INVALID_ARGUMENT,
                "a peer asked to be let into vaults in a form that none has");
    }
}
