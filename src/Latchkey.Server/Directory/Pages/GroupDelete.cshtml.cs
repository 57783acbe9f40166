using Latchkey.Server.Problems;
using Latchkey.Web.Texts;

namespace Latchkey.Server.Directory.Pages;

/// <summary>Asks before a group is deleted, and says who loses access to what.</summary>
internal sealed class GroupDeleteModel(
    GroupService groups,
    DirectoryQueries directory,
    ITexts texts
) : DeletePage<Group, GroupLoss>(texts)
{
    protected override string List => "/admin/groups";

    protected override Task<Group?> FindAsync(CancellationToken cancellationToken) =>
        groups.FindAsync(Id, cancellationToken);

    protected override Task<GroupLoss> LossAsync(CancellationToken cancellationToken) =>
        directory.LossOfGroupAsync(Id, cancellationToken);

    protected override Task<Outcome<Group>> DeleteAsync(CancellationToken cancellationToken) =>
        groups.DeleteAsync(Id, cancellationToken);

    protected override string Done(ITexts texts, Group deleted) =>
        texts["group.deleted", deleted.Name];
}
