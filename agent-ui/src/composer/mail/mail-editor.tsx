import { ActionIcon } from '@mantine/core'
import Image from '@tiptap/extension-image'
import { type Editor, EditorContent, useEditor, useEditorState } from '@tiptap/react'
import StarterKit from '@tiptap/starter-kit'
import { Bold, Italic, Link2, List, ListOrdered, Quote, Strikethrough } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import css from './mail-composer.module.css'

interface MailEditorProps {
  readonly label: string
  readonly html: string
  /** Raised when `html` was put there by something else than this editor. */
  readonly version: number
  readonly onChange: (html: string, text: string) => void
  readonly onSend: () => void
  /** Takes pasted and dropped files; those that are pictures come into the text when they are uploaded. */
  readonly onFiles: (files: readonly File[]) => void
  readonly onEditor: (editor: Editor | null) => void
}

/** Where a mail is written. Ctrl/Cmd+Enter sends, never while an input method composes. */
export function MailEditor(props: MailEditorProps) {
  const latest = useRef(props)
  latest.current = props
  const editor = useEditor({
    extensions: [
      StarterKit.configure({ heading: { levels: [2, 3] }, link: { openOnClick: false, protocols: ['mailto', 'tel'] } }),
      Image.configure({ inline: true, allowBase64: false }),
    ],
    content: props.html,
    immediatelyRender: true,
    editorProps: {
      attributes: { class: css.text ?? '', role: 'textbox', 'aria-multiline': 'true', 'aria-label': props.label },
      handleKeyDown: (view, event) => {
        if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.isComposing || view.composing || event.keyCode === 229)
          return false
        event.preventDefault()
        latest.current.onSend()
        return true
      },
      handlePaste: (_view, event) => takeFiles(event.clipboardData?.files, latest.current.onFiles, event),
      handleDrop: (_view, event) => takeFiles(event.dataTransfer?.files, latest.current.onFiles, event),
    },
    onUpdate: ({ editor: changed }) =>
      latest.current.onChange(changed.isEmpty ? '' : changed.getHTML(), changed.getText({ blockSeparator: '\n' })),
  })
  const { version } = props
  useEffect(() => {
    // A draft that came from elsewhere, such as a mail taken back.
    if (version > 0) editor.commands.setContent(latest.current.html, { emitUpdate: false })
  }, [version, editor])
  useEffect(() => {
    latest.current.onEditor(editor)
    return () => latest.current.onEditor(null)
  }, [editor])
  return (
    <>
      <EditorContent editor={editor} className={css.editor ?? ''} />
      <Toolbar editor={editor} />
    </>
  )
}

function takeFiles(files: FileList | undefined, onFiles: (files: readonly File[]) => void, event: Event): boolean {
  if (files === undefined || files.length === 0) return false
  event.preventDefault()
  onFiles([...files])
  return true
}

function Toolbar({ editor }: { editor: Editor }) {
  const { t } = useTranslation()
  const active = useEditorState({
    editor,
    selector: ({ editor: e }) => ({
      bold: e.isActive('bold'),
      italic: e.isActive('italic'),
      strike: e.isActive('strike'),
      bulletList: e.isActive('bulletList'),
      orderedList: e.isActive('orderedList'),
      blockquote: e.isActive('blockquote'),
      link: e.isActive('link'),
    }),
  })
  const tools = [
    { name: 'bold', icon: Bold, run: () => editor.chain().focus().toggleBold().run() },
    { name: 'italic', icon: Italic, run: () => editor.chain().focus().toggleItalic().run() },
    { name: 'strike', icon: Strikethrough, run: () => editor.chain().focus().toggleStrike().run() },
    { name: 'bulletList', icon: List, run: () => editor.chain().focus().toggleBulletList().run() },
    { name: 'orderedList', icon: ListOrdered, run: () => editor.chain().focus().toggleOrderedList().run() },
    { name: 'blockquote', icon: Quote, run: () => editor.chain().focus().toggleBlockquote().run() },
    { name: 'link', icon: Link2, run: () => askLink(editor, t('mailComposer.linkAddress')) },
  ] as const
  return (
    <div className={css.toolbar} role="toolbar" aria-label={t('mailComposer.format')}>
      {tools.map(({ name, icon: Icon, run }) => (
        <ActionIcon key={name} size={28} aria-label={t(`mailComposer.${name}`)} aria-pressed={active[name]} onClick={run}>
          <Icon size={15} />
        </ActionIcon>
      ))}
    </div>
  )
}

/** Makes the selection a link, or ends one. */
function askLink(editor: Editor, question: string): void {
  if (editor.isActive('link')) {
    editor.chain().focus().unsetLink().run()
    return
  }
  const href = window.prompt(question, 'https://')?.trim() ?? ''
  if (!/^(https?:\/\/|mailto:|tel:)\S+$/i.test(href)) return
  if (editor.state.selection.empty)
    editor
      .chain()
      .focus()
      .insertContent({ type: 'text', text: href, marks: [{ type: 'link', attrs: { href } }] })
      .run()
  else editor.chain().focus().setLink({ href }).run()
}
