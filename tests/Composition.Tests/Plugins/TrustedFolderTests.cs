using System.Diagnostics;
using System.Runtime.Versioning;

namespace Orchestrator.Composition.Tests;

/// <summary>What is loaded comes only from folders that nobody else can write to.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class TrustedFolderTests : IDisposable
{
    private const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly Written files = new();

    public TrustedFolderTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "skipped: Windows protects the profile");

    public void Dispose() => files.Dispose();

    [Fact]
    public void A_new_folder_is_this_users_alone()
    {
        var folder = Path.Combine(files.Folder, "a/b/copies");
        Assert.Null(TrustedFolder.Make(folder));
        Assert.Equal(Own, File.GetUnixFileMode(folder));
    }

    [Fact]
    public void A_folder_that_others_read_is_closed_to_them()
    {
        var folder = Made("copies", Own | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        Assert.Null(TrustedFolder.Make(folder));
        Assert.Equal(Own, File.GetUnixFileMode(folder));
    }

    [Theory]
    [InlineData(UnixFileMode.OtherWrite)]
    [InlineData(UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.OtherWrite | UnixFileMode.StickyBit)]
    public void A_folder_that_others_write_to_is_not_trusted(UnixFileMode more)
    {
        var folder = Made("copies", Own | more);
        Assert.Contains($"others may write to {folder}", TrustedFolder.Make(folder), StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_below_one_that_others_write_to_is_not_trusted()
    {
        var open = Made("open", Own | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute);
        var folder = Path.Combine(open, "copies");
        Assert.Contains($"others may write to {open}", TrustedFolder.Make(folder), StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder), "made where others may replace it");
        Directory.CreateDirectory(folder, Own);
        Assert.Contains($"others may write to {open}", TrustedFolder.Make(folder), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_made_where_everybody_makes_files_belongs_to_its_maker()
    {
        var open = Made("tmp", Own | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute | UnixFileMode.StickyBit);
        Assert.Null(TrustedFolder.Make(Path.Combine(open, "copies")));
    }

    [Fact]
    public void A_link_is_followed_and_what_it_leads_to_is_asked()
    {
        var open = Made("open", Own | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute);
        Directory.CreateDirectory(Path.Combine(open, "copies"), Own);
        var link = Directory.CreateSymbolicLink(Path.Combine(files.Folder, "link"), Path.Combine(open, "copies")).FullName;
        Assert.Contains($"others may write to {open}", TrustedFolder.Make(link), StringComparison.Ordinal);
        var good = Made("good", Own);
        var relative = Directory.CreateSymbolicLink(Path.Combine(files.Folder, "relative"), "good").FullName;
        Assert.Null(TrustedFolder.Make(relative));
        Assert.Null(TrustedFolder.Make(good));
    }

    [Fact]
    public void A_folder_of_another_user_is_not_trusted()
    {
        Assert.SkipUnless(Environment.UserName == "root", "skipped: only root can give a folder to somebody else");
        var folder = Made("copies", Own);
        using (var given = Process.Start("chown", ["65534", folder]))
        {
            given.WaitForExit();
        }

        Assert.Contains($"{folder} belongs to another user (65534)", TrustedFolder.Make(folder), StringComparison.Ordinal);
        Assert.Contains($"{folder} belongs to another user (65534)", TrustedFolder.Make(Path.Combine(folder, "below")), StringComparison.Ordinal);
    }

    private string Made(string name, UnixFileMode mode)
    {
        var folder = Directory.CreateDirectory(Path.Combine(files.Folder, name)).FullName;
        File.SetUnixFileMode(folder, mode);
        return folder;
    }
}
