package dev.loam.index;

import dev.loam.core.Bytes;
import dev.loam.core.RecordId;
import dev.loam.core.VaultId;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.lucene.util.BytesRef;

/**
 * Where a record stands in its session: vault (16 bytes), hash of the session's name (16), turn (8,
 * big endian with the sign flipped), key. The order of these bytes is the order of the turns, by
 * turn and then by key; records of one session have the first 32 bytes in common.
 *
 * <p>Lucene walks terms forward only. So the way back has terms of its own, with turn and key
 * complemented, and a closing byte so that of two keys the longer one comes first.
 */
record Place(Bytes bytes) implements Comparable<Place> {
    static final int SESSION_BYTES = VaultId.SIZE + 16;
    private static final int TURN_BYTES = 8;
    private static final byte CLOSING = (byte) 0xFF;

    static Place of(RecordId id, String session, long turn) {
        byte[] key = id.key().getBytes(StandardCharsets.UTF_8);
        byte[] place = new byte[SESSION_BYTES + TURN_BYTES + key.length];
        id.vault().bytes().copyTo(place, 0);
        byte[] hash = Sha256.of(session.getBytes(StandardCharsets.UTF_8));
        System.arraycopy(hash, 0, place, VaultId.SIZE, SESSION_BYTES - VaultId.SIZE);
        ByteBuffer.wrap(place)
                .order(ByteOrder.BIG_ENDIAN)
                .putLong(SESSION_BYTES, turn ^ Long.MIN_VALUE);
        System.arraycopy(key, 0, place, SESSION_BYTES + TURN_BYTES, key.length);
        return new Place(Bytes.adopt(place));
    }

    static Place ofTerm(BytesRef term) {
        return new Place(Bytes.copyOf(term.bytes, term.offset, term.length));
    }

    /** What all places of the session begin with. */
    Bytes session() {
        return bytes.slice(0, SESSION_BYTES);
    }

    RecordId id() {
        VaultId vault = new VaultId(bytes.slice(0, VaultId.SIZE));
        return new RecordId(vault, bytes.slice(SESSION_BYTES + TURN_BYTES, bytes.size()).toUtf8());
    }

    BytesRef toTerm() {
        return new BytesRef(bytes.toArray());
    }

    BytesRef toReversedTerm() {
        byte[] reversed = Arrays.copyOf(bytes.toArray(), bytes.size() + 1);
        for (int i = SESSION_BYTES; i < bytes.size(); i++) {
            reversed[i] = (byte) ~reversed[i];
        }
        reversed[bytes.size()] = CLOSING;
        return new BytesRef(reversed);
    }

    @Override
    public int compareTo(Place other) {
        return bytes.compareTo(other.bytes);
    }
}
