using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orchestrator.Abstractions;

namespace Orchestrator.Datasets;

/// <summary>Options of CIFAR-10.</summary>
public sealed record Cifar10Options(
    [Description("Use the first training images only, at most this many; all of them when absent.")]
    [Range(1, int.MaxValue)][Hint("inputs are normalised by mean and deviation of the images that are used, so fewer of them change every input, the test's too")] int? TrainLimit = null,
    [Description("Use the first test images only, at most this many; all of them when absent.")]
    [Range(1, int.MaxValue)] int? TestLimit = null,
    [Description("Side of the square that is cut from the middle of each image, pixels, for networks of 28x28; absent: the whole image.")]
    [Range(1, CifarFile.Side)] int? Crop = null);
