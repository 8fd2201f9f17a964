package dev.loam.embed;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import dev.loam.Embedder;
import dev.loam.core.ErrorCode;
import dev.loam.core.Invariant;
import dev.loam.core.LoamException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Embeds English text with the model bge-small-en-v1.5, quantised to 8 bits, in this process. The
 * model comes in a jar: nothing is downloaded, nothing is sent, nothing stays on the disk.
 *
 * <p>Of a text longer than {@value #TOKENS_MAX} tokens, some 2,000 characters, only the start
 * counts. Each text is computed alone and in the calling thread, so that its vector does not depend
 * on its company. About 230 MB of memory outside the heap.
 *
 * <p>The JVM should be started with {@code --enable-native-access=ALL-UNNAMED}; without it, it
 * prints a warning.
 */
public final class BgeSmall implements Embedder {
    static final String QUERY_PREFIX = "Represent this sentence for searching relevant passages: ";
    static final int TOKENS_MAX = 512;

    private static final int DIMENSION = 384;

    // The twelve digits are a hash over the model's files, the prefix and the other choices. It is
    // written down because hashing 34 MB would cost each start 0.1 s; a test computes it.
    private static final String MODEL = "bge-small-en-v1.5-q/9ed3cff71ffd";

    private final WordPieceTokenizer tokenizer;
    private final OnnxEncoder encoder;

    // Guards the native session: a call holds the read lock for one text, close the write lock.
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private boolean closed;

    private BgeSmall(WordPieceTokenizer tokenizer, OnnxEncoder encoder) {
        this.tokenizer = tokenizer;
        this.encoder = encoder;
    }

    /**
     * Loads the model, which takes about 0.4 s on two cores. Needs a temporary directory (system
     * property {@code java.io.tmpdir}) from which libraries can be loaded.
     *
     * @throws LoamException {@code INVALID_CONFIG} if this machine or class path cannot run it
     */
    public static BgeSmall load() {
        // Unpacking the model keeps this thread busy; all else fits beside it.
        CompletableFuture<OrtEnvironment> runtime =
                CompletableFuture.supplyAsync(
                        OnnxLibraries::environment,
                        task -> Thread.ofPlatform().daemon().name("loam-embed-load").start(task));
        CompletableFuture<WordPieceTokenizer> tokenizer =
                runtime.thenApply(loaded -> loadTokenizer());
        // Off the heap: 34 MB that are free again as soon as the session has copied them.
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment model = arena.allocate(ModelFile.MODEL.sizeBytes());
            ModelFile.MODEL.readInto(model);
            return new BgeSmall(tokenizer.join(), OnnxEncoder.load(runtime.join(), model));
        } catch (IOException | OrtException | CompletionException e) {
            throw new LoamException(
                    ErrorCode.INVALID_CONFIG,
                    "The embedding model cannot be loaded: "
                            + reason(e)
                            + ". See that the temporary directory (java.io.tmpdir) takes files and"
                            + " lets libraries be loaded, or use no embedder: recall then works"
                            + " with BM25 alone.",
                    e);
        }
    }

    private static WordPieceTokenizer loadTokenizer() {
        try {
            return new WordPieceTokenizer(Vocabulary.load());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String reason(Throwable failure) {
        Throwable root = failure;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            root = cause;
        }
        return root.toString();
    }

    @Override
    public String model() {
        return MODEL;
    }

    @Override
    public int dimension() {
        return DIMENSION;
    }

    /**
     * {@inheritDoc}
     *
     * @throws LoamException {@code CLOSED} after {@link #close}
     */
    @Override
    public List<float[]> embed(List<String> texts, Purpose purpose) {
        List<float[]> vectors = new ArrayList<>(texts.size());
        for (String text : texts) {
            String input =
                    switch (purpose) {
                        case QUERY -> QUERY_PREFIX + text;
                        case PASSAGE -> text;
                    };
            vectors.add(unit(state(tokenizer.encode(input, TOKENS_MAX))));
        }
        return List.copyOf(vectors);
    }

    private float[] state(long[] tokens) {
        lock.readLock().lock();
        try {
            if (closed) {
                throw new LoamException(ErrorCode.CLOSED, "The embedder has been closed.");
            }
            return encoder.firstTokenState(tokens, DIMENSION);
        } catch (OrtException e) {
            throw new LoamException(
                    ErrorCode.BUG,
                    "ONNX runtime failed on a text of " + tokens.length + " tokens.",
                    e);
        } finally {
            lock.readLock().unlock();
        }
    }

    private static float[] unit(float[] vector) {
        double squares = 0;
        for (float x : vector) {
            squares += (double) x * x;
        }
        double length = Math.sqrt(squares);
        Invariant.check(length > 0 && Double.isFinite(length), "the model gave no direction");
        for (int i = 0; i < vector.length; i++) {
            vector[i] = (float) (vector[i] / length);
        }
        return vector;
    }

    /** Waits for the texts that are being computed, one a thread. Idempotent. */
    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                encoder.close();
            }
        } catch (OrtException e) {
            throw new LoamException(ErrorCode.BUG, "ONNX runtime failed to close.", e);
        } finally {
            lock.writeLock().unlock();
        }
    }
}
