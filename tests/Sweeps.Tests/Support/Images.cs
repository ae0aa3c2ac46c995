using Orchestrator.Datasets.Tests;

namespace Orchestrator.Sweeps.Tests;

/// <summary>Folders of small images, in the place of ImageNet.</summary>
internal static class Images
{
    /// <summary>Four training images and one test image for each class.</summary>
    public static void Draw(string folder, int classes, int side)
    {
        for (var label = 0; label < classes; label++)
        {
            for (var image = 0; image < 5; image++)
            {
                var of = Directory.CreateDirectory(Path.Combine(folder, image < 4 ? "train" : "test", $"class{label}")).FullName;
                File.WriteAllBytes(Path.Combine(of, $"{image}.png"), Pictures.Png(side, side, 3, i => ((i * (label + 3)) + (image * 31)) % 256));
            }
        }
    }

    /// <summary>
    /// What a pipeline's written network needs for ten classes in the place of a thousand: its last
    /// layer is the only one of that many features.
    /// </summary>
    public static string[] TenClasses(string file)
    {
        const string OfAThousand = "\"features\": 1000";
        var text = File.ReadAllText(file);
        var layers = text.Split('\n').Count(line => line.StartsWith("      { \"type\"", StringComparison.Ordinal));
        return text.Contains(OfAThousand, StringComparison.Ordinal) ? [$"model.layers[{layers - 1}].features=10"] : [];
    }
}
