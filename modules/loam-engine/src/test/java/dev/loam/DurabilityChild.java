package dev.loam;

import java.nio.file.Path;

/** A process of its own that writes, says so, and waits to be killed. */
final class DurabilityChild {
    private DurabilityChild() {}

    /** Arguments: store directory, level, memories to put. */
    public static void main(String[] arguments) throws Exception {
        LoamOptions options =
                LoamOptions.unencrypted().durability(Durability.valueOf(arguments[1]));
        Loam loam = Loam.open(Path.of(arguments[0]), options);
        int count = Integer.parseInt(arguments[2]);
        for (int i = 0; i < count; i++) {
            loam.vault("main").put(Memory.of("memory " + i).key("k" + i));
        }
        System.out.println("answered");
        System.in.read();
    }
}
