using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Orchestrator.Datasets;

/// <summary>Options of <c>glyphs</c>.</summary>
public sealed record GlyphsOptions(
    [Description("Seed of the drawings, independent of the run's seed: sample number n of one seed is always the same image.")]
    [Range(0, int.MaxValue)] int Seed = 1,
    [Description("Training images; classes take turns, so they are balanced.")]
    [Range(10, 1_000_000)] int Train = 12_000,
    [Description("Test images.")]
    [Range(10, 1_000_000)] int Test = 2_000,
    [Description("Strength of the noise on every pixel, as a part of full brightness.")]
    [Range(0.0, 1.0)] double Noise = 0.15);
