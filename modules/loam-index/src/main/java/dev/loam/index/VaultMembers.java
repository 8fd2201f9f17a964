package dev.loam.index;

import dev.loam.core.VaultId;
import java.io.IOException;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.util.BytesRef;

/**
 * The documents of a segment that a vault wrote, deleted ones too; dead records are in no vault. To
 * be asked in ascending order of documents.
 */
final class VaultMembers {
    private final DocIdSetIterator members;

    private VaultMembers(DocIdSetIterator members) {
        this.members = members;
    }

    static VaultMembers of(LeafReader leaf, VaultId vault) throws IOException {
        Terms vaults = leaf.terms(Fields.VAULT);
        if (vaults == null) {
            return new VaultMembers(DocIdSetIterator.empty());
        }
        TermsEnum walk = vaults.iterator();
        return new VaultMembers(
                walk.seekExact(term(vault))
                        ? walk.postings(null, PostingsEnum.NONE)
                        : DocIdSetIterator.empty());
    }

    /** Whether the segment has documents of this vault and of no other. */
    static boolean areAll(LeafReader leaf, VaultId vault) throws IOException {
        Terms vaults = leaf.terms(Fields.VAULT);
        return vaults != null && vaults.size() == 1 && vaults.iterator().seekExact(term(vault));
    }

    static BytesRef term(VaultId vault) {
        return new BytesRef(vault.bytes().toArray());
    }

    int next() throws IOException {
        return members.nextDoc();
    }

    boolean contains(int document) throws IOException {
        return isAt(members, document);
    }

    /** Moves {@code documents} forward to see whether {@code document} is one of them. */
    static boolean isAt(DocIdSetIterator documents, int document) throws IOException {
        int at = documents.docID() < document ? documents.advance(document) : documents.docID();
        return at == document;
    }
}
