package dev.loam.log;

import dev.loam.core.ErrorCode;
import dev.loam.core.LoamException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The only door to Chronicle Queue: behind it the JVM is known to be fit, and Chronicle's habits
 * are switched off before its first class is loaded. Without the packages that it needs, Chronicle
 * opens and then silently cannot write.
 */
final class ChronicleGate implements SegmentAppender.Factory {
    private static final Module JDK = Object.class.getModule();
    private static final Module LOAM = ChronicleGate.class.getModule();
    private static final String REFLECT = "java.lang.reflect";
    private static final String CHANNELS = "sun.nio.ch";
    private static final String REFERENCES = "jdk.internal.ref";

    /**
     * The first is security: Chronicle otherwise loads a file {@code system.properties} of the
     * working directory, or its parent, into the JVM. The others stop a thread, usage data that
     * would be sent, and a logging facade's complaint.
     */
    private static final Map<String, String> HABITS =
            Map.of(
                    "system.properties", "",
                    "chronicle.analytics.disable", "true",
                    "chronicle.disk.monitor.disable", "true",
                    "slf4j.internal.verbosity", "ERROR");

    private static final String ADVICE =
            """
            Loam's log cannot write, the JVM lacks options. Add to the java command or to JDK_JAVA_OPTIONS:
              --add-opens=java.base/java.lang.reflect=ALL-UNNAMED --add-exports=java.base/sun.nio.ch=ALL-UNNAMED
              --add-exports=java.base/jdk.internal.ref=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow
            Surefire: <argLine>. Gradle: jvmArgs. Jar started with -jar: Add-Opens and Add-Exports in its manifest.
            Or let Loam open these packages itself: LoamOptions.unencrypted().openJdkPackages(true).""";

    private ChronicleGate() {}

    /**
     * @param openJdkPackages whether to open what the JVM's flags did not
     * @throws LoamException {@code INVALID_CONFIG} with the flags to add
     */
    static ChronicleGate enter(boolean openJdkPackages) {
        if (!isFit() && openJdkPackages) {
            openPackages();
        }
        if (!isFit()) {
            throw new LoamException(ErrorCode.INVALID_CONFIG, ADVICE);
        }
        HABITS.forEach(
                (name, value) -> {
                    if (System.getProperty(name) == null) {
                        System.setProperty(name, value);
                    }
                });
        return new ChronicleGate();
    }

    @Override
    public SegmentAppender create(Path directory, int blockBytes) {
        return ChronicleSegment.create(directory, blockBytes);
    }

    private static boolean isFit() {
        return JDK.isOpen(REFLECT, LOAM) && JDK.isExported(CHANNELS, LOAM);
    }

    /** The one place that goes round the language: asked for by name, and a JDK may end it. */
    private static void openPackages() {
        try {
            Class<?> unsafe = Class.forName("sun.misc.Unsafe");
            Field instanceField = unsafe.getDeclaredField("theUnsafe");
            instanceField.setAccessible(true);
            Object instance = instanceField.get(null);
            Field lookupField = MethodHandles.Lookup.class.getDeclaredField("IMPL_LOOKUP");
            Object base =
                    unsafe.getMethod("staticFieldBase", Field.class).invoke(instance, lookupField);
            Object offset =
                    unsafe.getMethod("staticFieldOffset", Field.class)
                            .invoke(instance, lookupField);
            MethodHandles.Lookup lookup =
                    (MethodHandles.Lookup)
                            unsafe.getMethod("getObject", Object.class, long.class)
                                    .invoke(instance, base, offset);
            MethodHandle open =
                    lookup.findVirtual(
                            Module.class,
                            "implAddOpensToAllUnnamed",
                            MethodType.methodType(void.class, String.class));
            for (String name : List.of(REFLECT, CHANNELS, REFERENCES)) {
                open.invoke(JDK, name);
            }
        } catch (Throwable refused) {
            throw new LoamException(ErrorCode.INVALID_CONFIG, ADVICE, refused);
        }
    }
}
