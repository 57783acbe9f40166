using Latchkey.Server.Problems;
using Latchkey.Web.Texts;

namespace Latchkey.Server.Directory.Pages;

/// <summary>Asks before a user is deleted, and says what goes with them.</summary>
internal sealed class UserDeleteModel(UserService users, DirectoryQueries directory, ITexts texts)
    : DeletePage<User, UserLoss>(texts)
{
    protected override string List => "/admin/users";

    protected override Task<User?> FindAsync(CancellationToken cancellationToken) =>
        users.FindAsync(Id, cancellationToken);

    protected override Task<UserLoss> LossAsync(CancellationToken cancellationToken) =>
        directory.LossOfUserAsync(Id, cancellationToken);

    protected override Task<Outcome<User>> DeleteAsync(CancellationToken cancellationToken) =>
        users.DeleteAsync(Id, cancellationToken);

    protected override string Done(ITexts texts, User deleted) =>
        texts["user.deleted", deleted.Username];
}
