package dev.loam.index;

import dev.loam.core.Limits;
import java.io.IOException;
import org.apache.lucene.codecs.Codec;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.KnnVectorsReader;
import org.apache.lucene.codecs.KnnVectorsWriter;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;
import org.apache.lucene.codecs.lucene104.Lucene104HnswScalarQuantizedVectorsFormat;
import org.apache.lucene.index.SegmentReadState;
import org.apache.lucene.index.SegmentWriteState;
import org.apache.lucene.util.quantization.QuantizedByteVectorValues.ScalarEncoding;

/**
 * How segments are written: the stock codec, with vectors of up to 4,096 dimensions, quantised to
 * bytes. The wrapper bears the name of the stock format, which therefore reads what it writes.
 */
final class IndexCodec {
    private static final int GRAPH_CONNECTIONS_MAX = 16;
    private static final int GRAPH_BEAM_WIDTH = 100;
    private static final int MERGE_WORKERS = 1;

    /**
     * A graph is built where n > k ln n with this k, from about 19,800 vectors on. Below, a scan is
     * as fast, and flushes are several times cheaper without.
     */
    private static final int GRAPH_THRESHOLD = 2_000;

    private IndexCodec() {}

    static Codec create() {
        KnnVectorsFormat vectors =
                new WideVectors(
                        new Lucene104HnswScalarQuantizedVectorsFormat(
                                ScalarEncoding.UNSIGNED_BYTE,
                                GRAPH_CONNECTIONS_MAX,
                                GRAPH_BEAM_WIDTH,
                                MERGE_WORKERS,
                                null,
                                GRAPH_THRESHOLD));
        return new Lucene104Codec() {
            @Override
            public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
                return vectors;
            }
        };
    }

    private static final class WideVectors extends KnnVectorsFormat {
        private final KnnVectorsFormat stock;

        WideVectors(KnnVectorsFormat stock) {
            super(stock.getName());
            this.stock = stock;
        }

        @Override
        public KnnVectorsWriter fieldsWriter(SegmentWriteState state) throws IOException {
            return stock.fieldsWriter(state);
        }

        @Override
        public KnnVectorsReader fieldsReader(SegmentReadState state) throws IOException {
            return stock.fieldsReader(state);
        }

        @Override
        public int getMaxDimensions(String field) {
            return Limits.VECTOR_DIMENSIONS_MAX;
        }
    }
}
