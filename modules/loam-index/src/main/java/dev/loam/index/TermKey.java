package dev.loam.index;

import dev.loam.core.Bytes;
import dev.loam.core.VaultId;
import org.apache.lucene.util.BytesRef;

/** A term in a vault, as the key of a map. */
record TermKey(VaultId vault, String field, Bytes term) {
    static TermKey of(VaultId vault, String field, BytesRef term) {
        return new TermKey(vault, field, Bytes.copyOf(term.bytes, term.offset, term.length));
    }

    BytesRef toTerm() {
        return new BytesRef(term.toArray());
    }
}
