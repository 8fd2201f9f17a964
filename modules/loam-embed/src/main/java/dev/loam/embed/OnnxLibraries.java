package dev.loam.embed;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * ONNX runtime's native libraries, loaded once in a process. Left to itself the runtime unpacks
 * them at each start, 16 MB that stay behind when the process is killed, and an empty directory
 * that stays behind always. So they are unpacked here, into a directory of our own that only this
 * user can enter, and removed as soon as they are loaded.
 */
final class OnnxLibraries {
    /** Where ONNX runtime looks for its libraries, if set; a value from outside is left alone. */
    private static final String PATH_PROPERTY = "onnxruntime.native.path";

    private OnnxLibraries() {}

    /**
     * The process's ONNX runtime, silent on stderr and without telemetry. Any thread; the first
     * call loads it, others wait.
     *
     * @throws LinkageError if it cannot be loaded here; then for all later calls too
     */
    static OrtEnvironment environment() {
        return Loaded.ENVIRONMENT;
    }

    private static final class Loaded {
        static final OrtEnvironment ENVIRONMENT = load();

        private static OrtEnvironment load() {
            try {
                return System.getProperty(PATH_PROPERTY) == null
                        ? loadUnpacked()
                        : createEnvironment();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (OrtException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static OrtEnvironment loadUnpacked() throws IOException, OrtException {
        Path directory = Files.createTempDirectory("loam-onnxruntime");
        try {
            for (String library : List.of("onnxruntime", "onnxruntime4j_jni")) {
                String file = System.mapLibraryName(library);
                unpack(
                        "/ai/onnxruntime/native/" + platform() + "/" + file,
                        directory.resolve(file));
            }
            System.setProperty(PATH_PROPERTY, directory.toString());
            try {
                return createEnvironment();
            } finally {
                System.clearProperty(PATH_PROPERTY);
            }
        } finally {
            remove(directory);
        }
    }

    private static OrtEnvironment createEnvironment() throws OrtException {
        OrtEnvironment environment =
                OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
        environment.setTelemetry(false);
        return environment;
    }

    private static void unpack(String resource, Path target) throws IOException {
        try (InputStream in = OrtEnvironment.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IOException("ONNX runtime has no library for " + platform());
            }
            Files.copy(in, target);
        }
    }

    /** Such as {@code linux-x64}, as ONNX runtime names it. */
    private static String platform() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String name =
                system.startsWith("mac") ? "osx" : system.startsWith("windows") ? "win" : "linux";
        String processor = System.getProperty("os.arch");
        return name
                + "-"
                + (processor.equals("amd64") || processor.equals("x86_64") ? "x64" : processor);
    }

    // Windows does not remove a loaded library. What is to go at exit goes in reverse order.
    private static void remove(Path directory) throws IOException {
        List<File> left;
        try (var files = Files.list(directory)) {
            left = files.map(Path::toFile).filter(file -> !file.delete()).toList();
        }
        if (!directory.toFile().delete()) {
            directory.toFile().deleteOnExit();
            left.forEach(File::deleteOnExit);
        }
    }
}
