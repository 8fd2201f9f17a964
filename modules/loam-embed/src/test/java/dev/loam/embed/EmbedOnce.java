package dev.loam.embed;

import dev.loam.Embedder.Purpose;
import dev.loam.core.LoamException;
import java.util.List;

/** A program that embeds one query; it prints only a refusal. */
final class EmbedOnce {
    static final int REFUSED = 3;

    private EmbedOnce() {}

    public static void main(String[] arguments) {
        try (BgeSmall embedder = BgeSmall.load()) {
            embedder.embed(List.of("where did I leave the keys?"), Purpose.QUERY);
        } catch (LoamException e) {
            System.out.println(e);
            System.exit(REFUSED);
        }
    }
}
