using System.ComponentModel;
using Orchestrator.Abstractions;
using Orchestrator.Numerics;

namespace Orchestrator.Datasets;

/// <summary>
/// Ten classes of 28x28 images that this program draws itself, so that an experiment needs no
/// files: simple signs, shifted, turned, sheared, scaled, drawn with pens of several widths, under
/// a stray stroke and noise. A linear model stays well under 90 % test accuracy; LeNet5 passes 97
/// %. Sample n depends on the seed and n alone; its class is n modulo 10.
/// </summary>
[Description("Ten classes of 28x28 signs that the program draws itself; needs no files.")]
[Plugin("glyphs")]
internal sealed class Glyphs(GlyphsOptions options) : IDataset
{
    private static readonly int[] Input = [1, GlyphPen.Side, GlyphPen.Side];

    public DatasetShape Describe(DataFolders folders) => new(Input, GlyphShapes.Names, options.Train, options.Test);

    public ILoadedDataset Load(DataFolders folders) => new ByteDataset(Input, Draw("glyphs train", options.Train), Draw("glyphs test", options.Test), []);

    private RawImages Draw(string part, int count)
    {
        const int Length = GlyphPen.Side * GlyphPen.Side;
        var key = new RandomStreams(options.Seed).Key(part);
        var pixels = new byte[count * Length];
        var labels = new int[count];
        Parallel.For(0, count, () => (Random: new RandomStream(key), Ink: new double[Length]), (sample, _, tools) =>
        {
            tools.Random.Reset(key, sample);
            labels[sample] = sample % GlyphShapes.Names.Count;
            new GlyphPen(tools.Random, tools.Ink).Draw(labels[sample], options.Noise, pixels.AsSpan(sample * Length, Length));
            return tools;
        }, _ => { });
        return new RawImages(pixels, labels);
    }
}
