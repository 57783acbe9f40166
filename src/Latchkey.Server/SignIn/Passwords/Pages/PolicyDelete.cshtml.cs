using Latchkey.Server.Directory.Pages;
using Latchkey.Server.Problems;
using Latchkey.Web.Texts;

namespace Latchkey.Server.SignIn.Passwords.Pages;

/// <summary>Asks before a policy is deleted, and says which groups lose it.</summary>
internal sealed class PolicyDeleteModel(PasswordPolicyService policies, ITexts texts)
    : DeletePage<PasswordPolicy, IReadOnlyList<string>>(texts)
{
    private BoundPolicy? _bound;

    protected override string List => "/admin/settings/passwords";

    protected override async Task<PasswordPolicy?> FindAsync(CancellationToken cancellationToken)
    {
        _bound = (await policies.ReadAsync(cancellationToken)).All.FirstOrDefault(b =>
            b.Policy.Id == Id && !b.Policy.IsDefault
        );
        return _bound?.Policy;
    }

    protected override Task<IReadOnlyList<string>> LossAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>([.. _bound!.Groups.Select(g => g.Name)]);

    protected override Task<Outcome<PasswordPolicy>> DeleteAsync(
        CancellationToken cancellationToken
    ) => policies.DeleteAsync(Id, cancellationToken);

    protected override string Done(ITexts texts, PasswordPolicy deleted) =>
        texts["policy.deleted", deleted.Name];
}
