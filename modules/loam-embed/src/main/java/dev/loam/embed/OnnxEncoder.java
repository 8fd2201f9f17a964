package dev.loam.embed;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.lang.foreign.MemorySegment;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.Map;

/**
 * The model in ONNX runtime. Each call computes in the calling thread and in no other. Any number
 * of threads at once; {@link #close} only when none is inside.
 */
final class OnnxEncoder implements AutoCloseable {
    private final OrtEnvironment environment;
    private final OrtSession session;

    private OnnxEncoder(OrtEnvironment environment, OrtSession session) {
        this.environment = environment;
        this.session = session;
    }

    /**
     * @param model the model file; it is copied
     */
    static OnnxEncoder load(OrtEnvironment environment, MemorySegment model) throws OrtException {
        try (SessionOptions options = options()) {
            return new OnnxEncoder(
                    environment, environment.createSession(model.asByteBuffer(), options));
        }
    }

    private static SessionOptions options() throws OrtException {
        SessionOptions options = new SessionOptions();
        options.setOptimizationLevel(SessionOptions.OptLevel.ALL_OPT);
        options.setExecutionMode(SessionOptions.ExecutionMode.SEQUENTIAL);
        options.setIntraOpNumThreads(1);
        options.setInterOpNumThreads(1);
        options.addConfigEntry("session.intra_op.allow_spinning", "0");
        options.addConfigEntry("session.inter_op.allow_spinning", "0");
        // Without the arena long texts take 1.7 times as long. A memory plan for each length of
        // text would gain nothing and stay in memory.
        options.setCPUArenaAllocator(true);
        options.setMemoryPatternOptimization(false);
        return options;
    }

    /** What the model says for the first token, {@code dimension} floats of any length. */
    float[] firstTokenState(long[] tokens, int dimension) throws OrtException {
        long[] ones = new long[tokens.length];
        Arrays.fill(ones, 1);
        try (OnnxTensor ids = row(tokens);
                OnnxTensor mask = row(ones);
                OnnxTensor types = row(new long[tokens.length]);
                OrtSession.Result result =
                        session.run(
                                Map.of(
                                        "input_ids", ids,
                                        "attention_mask", mask,
                                        "token_type_ids", types))) {
            float[] state = new float[dimension];
            ((OnnxTensor) result.get(0)).getFloatBuffer().get(0, state);
            return state;
        }
    }

    private OnnxTensor row(long[] values) throws OrtException {
        return OnnxTensor.createTensor(
                environment, LongBuffer.wrap(values), new long[] {1, values.length});
    }

    @Override
    public void close() throws OrtException {
        session.close();
    }
}
