package dev.loam.index;

import dev.loam.core.Bytes;
import dev.loam.core.Limits;
import dev.loam.core.RecordId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.document.BinaryDocValuesField;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.LongField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.util.BytesRef;

/** Turns records into Lucene documents, one at a time. For one thread. */
final class DocumentMapper {
    /** Longer terms are kept as hashes. Lucene's bound is 32,766. */
    private static final int TERM_BYTES_MAX = 1_024;

    /** Analysed, without positions: there are no phrases in queries. */
    private static final FieldType WORDS = words();

    private final Words words = new Words();
    private final WordStream text = new WordStream();
    private final WordStream window = new WordStream();

    private static FieldType words() {
        FieldType type = new FieldType();
        type.setTokenized(true);
        type.setIndexOptions(IndexOptions.DOCS_AND_FREQS);
        type.freeze();
        return type;
    }

    /**
     * A document that holds until the next call.
     *
     * @param before the texts of the turns before it, as far as the window reaches
     */
    Document document(RecordId id, Bytes state, Projection projection, List<String> before)
            throws IOException {
        Document document = new Document();
        BytesRef idTerm = new BytesRef(id.toBytes().toArray());
        add(document, Fields.ID, idTerm);
        document.add(new BinaryDocValuesField(Fields.STATE, StateColumn.encode(state)));
        if (!projection.alive()) {
            return document;
        }
        add(document, Fields.LIVING, idTerm);
        if (projection.conflicted()) {
            add(document, Fields.CONFLICTED, idTerm);
        }
        add(document, Fields.VAULT, new BytesRef(id.vault().bytes().toArray()));
        document.add(new BinaryDocValuesField(Fields.HIT, HitColumn.encode(id, projection)));
        addFilters(document, projection);
        addWords(document, projection, before);
        projection
                .session()
                .ifPresent(
                        session -> {
                            Place place = Place.of(id, session, projection.turn());
                            add(document, Fields.PLACE, place.toTerm());
                            add(document, Fields.PLACE_REVERSED, place.toReversedTerm());
                        });
        addVectors(document, projection);
        return document;
    }

    static BytesRef tagTerm(String tag) {
        return term(tag);
    }

    /** No name of a field has a control character in it, so that no two pairs share a term. */
    static BytesRef keywordTerm(String field, String value) {
        return term(field + "\0" + value);
    }

    private static void addFilters(Document document, Projection projection) {
        projection.tags().forEach(tag -> add(document, Fields.TAG, tagTerm(tag)));
        projection
                .keywords()
                .forEach(
                        (field, value) -> add(document, Fields.KEYWORD, keywordTerm(field, value)));
        projection.unembedded().forEach(model -> add(document, Fields.UNEMBEDDED, term(model)));
        projection
                .timeMillis()
                .ifPresent(
                        millis -> document.add(new LongField(Fields.TIME, millis, Field.Store.NO)));
    }

    private void addWords(Document document, Projection projection, List<String> before)
            throws IOException {
        List<BytesRef> all = new ArrayList<>();
        for (String earlier : before) {
            all.addAll(words.of(earlier));
        }
        if (projection.text().isPresent()) {
            List<BytesRef> own = words.of(projection.text().get());
            all.addAll(own);
            document.add(new Field(Fields.TEXT, text.of(own), WORDS));
        }
        document.add(new Field(Fields.WINDOW, window.of(all), WORDS));
    }

    private static void addVectors(Document document, Projection projection) {
        projection
                .vectors()
                .forEach(
                        (model, bytes) ->
                                UnitVector.of(bytes)
                                        .filter(v -> v.length <= Limits.VECTOR_DIMENSIONS_MAX)
                                        .ifPresent(
                                                values ->
                                                        document.add(vectorField(model, values))));
    }

    private static Field vectorField(String model, float[] values) {
        return new KnnFloatVectorField(
                Fields.vector(model, values.length), values, VectorSimilarityFunction.DOT_PRODUCT);
    }

    static BytesRef term(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new BytesRef(bytes.length <= TERM_BYTES_MAX ? bytes : Sha256.of(bytes));
    }

    private static void add(Document document, String field, BytesRef term) {
        document.add(new StringField(field, term, Field.Store.NO));
    }
}
