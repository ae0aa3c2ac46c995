using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Orchestrator.Abstractions;

namespace Orchestrator.Datasets;

/// <summary>Options of <c>image-folder</c>.</summary>
public sealed record ImageFolderOptions(
    [Description("A folder with train/CLASS/ and test/CLASS/, or with testShare one with CLASS/, each full of .png, .jpg and .jpeg files; a path that is not absolute starts in the data folder.")] string Folder,
    [Description("Height that every image is resized to, pixels.")][Range(1, 4096)] int Height,
    [Description("Width that every image is resized to, pixels.")][Range(1, 4096)] int Width,
    [Description("3 for red, green and blue, 1 for grey; images are converted, transparency is left aside.")][Range(1, 3)] int Channels = 3,
    [Description("The share of the images that is drawn for the test part, in the place of train and test folders.")]
    [Range(0.0, 1.0, MinimumIsExclusive = true, MaximumIsExclusive = true)] double? TestShare = null,
    [Description("Another number draws other images for testShare.")] long SplitSeed = 1,
    [Description("What ends the natural group of an image at the head of its file's name: with \"_\", f0012_03.png is of the group f0012; for partitioners that deal by groups.")] string? GroupSeparator = null,
    [Description("The classes in their order; when absent the training folders in the order of the alphabet.")] IReadOnlyList<string>? ClassNames = null,
    [Description("Whether inputs are centred and divided by the standard deviation of the training images, by channel.")] bool Normalize = true,
    [Description("Use at most so many training images, by turns from every class; all of them when absent.")]
    [Range(1, int.MaxValue)][Hint("inputs are normalised by mean and deviation of the images that are used, so fewer of them change every input, the test's too")] int? TrainLimit = null,
    [Description("Use at most so many test images, by turns from every class; all of them when absent.")]
    [Range(1, int.MaxValue)] int? TestLimit = null);
